using Workbench.Data;

namespace Workbench.Serving.Export.Conversion;

/// <summary>What two models answer to the same inputs.</summary>
/// <param name="MaxAbsoluteDifference">Over the elements of floating-point outputs.</param>
/// <param name="MeanAbsoluteDifference">Over the elements of floating-point outputs.</param>
/// <param name="Decisions">Labels, and rows of scores.</param>
/// <param name="Agreeing">Decisions that are the same.</param>
internal sealed record ConversionReport(double MaxAbsoluteDifference, double MeanAbsoluteDifference, long Decisions, long Agreeing)
{
    public double? Agreement => Decisions == 0 ? null : (double)Agreeing / Decisions;

    public static ConversionReport Of(string source, string converted, IReadOnlyList<IReadOnlyList<OnnxValue>> samples)
    {
        using OnnxRuns one = new(source), other = new(converted);
        var (worst, sum, elements, decisions, agreeing) = (0.0, 0.0, 0L, 0L, 0L);
        foreach (var (before, after) in samples.SelectMany(sample => one.Run(sample).Zip(other.Run(sample))))
        {
            if (before.Elements is float[] expected && after.Elements is float[] actual)
                foreach (var (first, second) in expected.Zip(actual))
                {
                    double difference = first == second ? 0 : Math.Abs((double)first - second);
                    (worst, sum, elements) = (double.IsNaN(difference) ? double.NaN : Math.Max(worst, difference), sum + difference, elements + 1);
                }
            var pairs = Decide(before).Zip(Decide(after)).ToList();
            (decisions, agreeing) = (decisions + pairs.Count, agreeing + pairs.Count(pair => pair.First == pair.Second));
        }
        return new(worst, elements == 0 ? 0 : sum / elements, decisions, agreeing);
    }

    /// <exception cref="DataException">Too far off.</exception>
    public void Check(OnnxConversionOptions options, OnnxPrecision precision)
    {
        if (double.IsNaN(MaxAbsoluteDifference) || double.IsInfinity(MaxAbsoluteDifference))
            throw new DataException($"Converted to {precision}, the model answers with what is not a number: its values leave the range of {precision}. The file was not written; keep the model in float32.");
        if (Agreement < options.MinAgreement)
            throw new DataException(FormattableString.Invariant(
                $"Converted to {precision}, {Agreement:P2} of {Decisions} decisions stay the same; at least {options.MinAgreement:P2} was asked for. The file was not written; keep the model in float32, or allow a lower share."));
        if (MaxAbsoluteDifference > options.MaxDifference)
            throw new DataException(FormattableString.Invariant(
                $"Converted to {precision}, an output differs by {MaxAbsoluteDifference:G3}; allowed is {options.MaxDifference:G3}. The file was not written; keep the model in float32, or allow more."));
    }

    // A label is a decision, and so is the place of the largest of a row of scores.
    private static IEnumerable<long> Decide(OnnxValue value) => value.Elements switch
    {
        long[] labels => labels,
        float[] scores when value.Shape is [.., var width and > 1] => scores.Chunk((int)width).Select(row => (long)Array.IndexOf(row, row.Max())),
        _ => [],
    };
}
