using System.Globalization;

namespace Workbench.Drift.Chunks;

/// <summary>
/// From where on the statistic of a chunk is an alert: below a lower or above an upper limit. Limits that come from the
/// reference use the statistic of each of its chunks. A limit never leaves the range of the statistic.
/// </summary>
public sealed record DriftThreshold
{
    private DriftThreshold() { }

    /// <summary>The test's own threshold; and where the column has confirming tests, they must agree for each chunk too. Alert at or above it.</summary>
    public static DriftThreshold FromTest { get; } = new() { Kind = DriftThresholdKind.Test, LeaveOneOut = false };

    /// <summary>Which of them.</summary>
    public DriftThresholdKind Kind { get; private init; }
    /// <summary>The lower limit, multiple or quantile; null means that no value is too low.</summary>
    public double? Lower { get; private init; }
    /// <summary>The upper limit, multiple or quantile; null means that no value is too high.</summary>
    public double? Upper { get; private init; }
    /// <summary>
    /// True: a reference chunk is compared with the reference without it, as a new chunk is compared with rows that do not
    /// hold it. False: with the whole reference, which makes the limits too narrow when chunks are few (nannyml#426).
    /// </summary>
    public bool LeaveOneOut { get; private init; }

    /// <summary>Fixed limits; alert beyond them.</summary>
    /// <exception cref="ArgumentException">Neither is given, or the lower one is not below the upper one.</exception>
    public static DriftThreshold Constant(double? lower = null, double? upper = null) =>
        new() { Kind = DriftThresholdKind.Constant, Lower = lower, Upper = Above(lower, upper) };

    /// <summary>Mean of the reference's chunks and so many of their standard deviations (divisor n, as NannyML) up and, where given, down.</summary>
    /// <param name="upper">Multiple; not negative. Null means that no value is too high.</param>
    /// <param name="lower">Multiple; not negative. A distance that is unusually small is no drift, so none by default, as NannyML.</param>
    /// <param name="leaveOneOut">See <see cref="LeaveOneOut"/>.</param>
    public static DriftThreshold StandardDeviation(double? upper = 3, double? lower = null, bool leaveOneOut = true)
    {
        if (upper is null && lower is null)
            throw new ArgumentException("A threshold without lower and upper multiple never alerts; give one, such as 3.");
        if (!(upper is null or >= 0) || !(lower is null or >= 0))
            throw new ArgumentOutOfRangeException(nameof(upper), upper, $"Multiples of the standard deviation are not negative; given: lower {lower}, upper {upper}.");
        return new() { Kind = DriftThresholdKind.StandardDeviation, Lower = lower, Upper = upper, LeaveOneOut = leaveOneOut };
    }

    /// <summary>Quantiles of the statistics of the reference's chunks, interpolated linearly (type 7, as numpy's default).</summary>
    /// <param name="lower">In [0, 1] or null.</param>
    /// <param name="upper">In [0, 1] or null.</param>
    /// <param name="leaveOneOut">See <see cref="LeaveOneOut"/>.</param>
    public static DriftThreshold Quantile(double? lower = null, double? upper = 0.99, bool leaveOneOut = true)
    {
        if (!(lower is null or (>= 0 and <= 1)) || !(upper is null or (>= 0 and <= 1)))
            throw new ArgumentOutOfRangeException(nameof(upper), upper, $"Quantiles lie in [0, 1]; given: lower {lower}, upper {upper}.");
        return new() { Kind = DriftThresholdKind.Quantile, Lower = lower, Upper = Above(lower, upper), LeaveOneOut = leaveOneOut };
    }

    /// <summary>In words, such as "mean + 3 standard deviations of the reference's chunks".</summary>
    public override string ToString() => Kind switch
    {
        DriftThresholdKind.Constant => string.Create(CultureInfo.InvariantCulture, $"limits {Lower?.ToString(CultureInfo.InvariantCulture) ?? "none"} and {Upper?.ToString(CultureInfo.InvariantCulture) ?? "none"}"),
        DriftThresholdKind.StandardDeviation => string.Create(
            CultureInfo.InvariantCulture, $"mean {(Lower is { } low ? $"- {low} " : "")}{(Upper is { } high ? $"+ {high} " : "")}standard deviations of the reference's chunks{Way}"),
        DriftThresholdKind.Quantile => string.Create(
            CultureInfo.InvariantCulture, $"quantile{(Lower is { } low ? $" {low}" : "")}{(Lower is null || Upper is null ? "" : " and")}{(Upper is { } high ? $" {high}" : "")} of the reference's chunks{Way}"),
        _ => "the threshold of the test",
    };

    private string Way => LeaveOneOut ? ", each compared with the rest" : "";

    internal bool UsesReference => Kind is DriftThresholdKind.StandardDeviation or DriftThresholdKind.Quantile;

    /// <summary>Both limits, in [0, <paramref name="largest"/>]; <paramref name="statistics"/> of the reference's chunks, at least one where they are used.</summary>
    internal (double? Lower, double? Upper) Limits(IReadOnlyList<double> statistics, double testThreshold, double largest)
    {
        (double? lower, double? upper) = Kind switch
        {
            DriftThresholdKind.Constant => (Lower, Upper),
            DriftThresholdKind.StandardDeviation => Around(statistics),
            DriftThresholdKind.Quantile => (At(statistics, Lower), At(statistics, Upper)),
            _ => (null, testThreshold),
        };
        return Kind == DriftThresholdKind.Test ? (lower, upper) : (lower is { } low ? Math.Clamp(low, 0, largest) : null, upper is { } high ? Math.Clamp(high, 0, largest) : null);
    }

    private (double?, double?) Around(IReadOnlyList<double> statistics)
    {
        double mean = statistics.Average();
        double deviation = Math.Sqrt(statistics.Sum(value => (value - mean) * (value - mean)) / statistics.Count);
        return (mean - Lower * deviation, mean + Upper * deviation);
    }

    private static double? At(IReadOnlyList<double> statistics, double? quantile)
    {
        if (quantile is not { } share)
            return null;
        var sorted = statistics.Order().ToArray();
        double place = share * (sorted.Length - 1);
        int below = (int)place;
        return below + 1 < sorted.Length ? sorted[below] + (place - below) * (sorted[below + 1] - sorted[below]) : sorted[below];
    }

    private static double? Above(double? lower, double? upper)
    {
        if (lower is null && upper is null)
            throw new ArgumentException("A threshold without lower and upper limit never alerts; give one.");
        if (lower >= upper || lower is double.NaN || upper is double.NaN)
            throw new ArgumentException($"The lower limit {lower} must be below the upper limit {upper}.");
        return upper;
    }
}
