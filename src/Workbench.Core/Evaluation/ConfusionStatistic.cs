namespace Workbench.Evaluation;

/// <summary>A metric of C classes that the confusion matrix decides.</summary>
internal sealed class ConfusionStatistic : Statistic
{
    private readonly ConfusionCounts _counts;
    private readonly int[] _labels;
    private readonly int[] _predicted;
    private readonly Func<ConfusionCounts, double?> _metric;

    public ConfusionStatistic(Predictions predictions, Func<ConfusionCounts, double?> metric)
    {
        _counts = new(predictions.Classes);
        _labels = [.. predictions.Labels.Select(label => (int)label)];
        _predicted = [.. Enumerable.Range(0, predictions.Rows).Select(predictions.Predicted)];
        _metric = metric;
    }

    public override double? Of(ReadOnlySpan<double> weights)
    {
        _counts.Reset();
        for (int row = 0; row < _labels.Length; row++)
            _counts.Add(_labels[row], _predicted[row], weights[row]);
        return _metric(_counts);
    }
}
