namespace Workbench.Drift.Expectations;

/// <summary>A range with a margin and round bounds around values that were seen.</summary>
internal static class ExpectedRange
{
    // Bounds beyond this are not made round: a whole number of their unit is no DOUBLE any more.
    private const double LargestRound = 1e15;

    /// <param name="least">Smallest value seen.</param>
    /// <param name="greatest">Greatest value seen.</param>
    /// <param name="margin">Part of the width to go beyond, at each end.</param>
    /// <param name="isWhole">Whether the bounds are whole numbers.</param>
    public static RangeExpectation Around(double least, double greatest, double margin, bool isWhole)
    {
        double width = greatest - least, pad = margin * (width > 0 ? width : Math.Abs(least));
        // What is never negative is not expected to be, and the other way round.
        double low = least >= 0 ? Math.Max(0, least - pad) : least - pad, high = greatest <= 0 ? Math.Min(0, greatest + pad) : greatest + pad;
        double unit = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(high - low, double.Epsilon))) - 1);
        if (isWhole)
            unit = Math.Max(1, unit);
        return new(Finite(Math.Min(Round(low, unit, Math.Floor), least), double.MinValue), Finite(Math.Max(Round(high, unit, Math.Ceiling), greatest), double.MaxValue), false);
    }

    private static double Round(double value, double unit, Func<double, double> towards)
    {
        double count = value / unit;
        if (!(Math.Abs(count) < LargestRound) || !(Math.Abs(value) < LargestRound) || !(unit > 1e-15))
            return value;
        double rounded = towards(count);
        // Dividing by a power of ten gives the nearest decimal; multiplying by 0.01 does not.
        return unit >= 1 ? rounded * unit : rounded / Math.Round(1 / unit);
    }

    private static double Finite(double value, double end) => double.IsFinite(value) ? value : end;
}
