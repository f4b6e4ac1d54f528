using Workbench.Drift.Classifiers;

namespace Workbench.Drift.Text;

/// <summary>A text column on both sides; each has at least one text.</summary>
internal sealed record TextPair(TextSide Reference, TextSide Current, CancellationToken CancellationToken = default)
{
    private const int Seed = 20240601;

    private (AreaUnderCurve Area, DriftMeasure Measure)? _classifier;

    /// <summary>How well a classifier tells the sides apart by their words; made at the first use.</summary>
    public DriftMeasure Classifier => Classify().Measure;

    /// <summary>95 % interval of the classifier's area; null without a classifier.</summary>
    public (double Lower, double Upper)? ClassifierInterval => IsTooSmall ? null : Classify().Area.Interval;

    private bool IsTooSmall => Math.Min(Reference.Sample.Count, Current.Sample.Count) < CrossValidation.LeastRows;

    private (AreaUnderCurve Area, DriftMeasure Measure) Classify() => _classifier ??= IsTooSmall
        ? (new(0.5, 0), new(0.5, 1, 0, $"Not measured: {Reference.Count:N0} and {Current.Count:N0} texts, {CrossValidation.LeastRows} a side are needed."))
        : Train();

    private (AreaUnderCurve, DriftMeasure) Train()
    {
        int n = Reference.Sample.Count, m = Current.Sample.Count;
        var rows = FeatureRows.Sparse(HashedWords.Width, n + m);
        foreach (var text in Reference.Sample.Concat(Current.Sample))
            rows.Add(text.Indices, text.Values);
        bool[] isCurrent = [.. Enumerable.Range(0, n + m).Select(row => row >= n)];
        var area = CrossValidation.Area(rows, isCurrent, Seed, chosen =>
        {
            var model = LogisticRegression.Train(rows, isCurrent, chosen, Seed, CancellationToken);
            return row => model.Score(rows, row);
        });
        bool isSampled = Reference.IsSampled || Current.IsSampled;
        return (area, new(area.Value, area.PValue(n, m), 2 * area.Value - 1, isSampled ? $"From {n:N0} of {Reference.Count:N0} and {m:N0} of {Current.Count:N0} texts." : null)
        {
            Exactness = isSampled ? DriftExactness.Estimated : DriftExactness.Exact,
        });
    }
}
