namespace Workbench.Drift.Chunks;

/// <summary>Microseconds since 1970-01-01 UTC, as DuckDB counts a TIMESTAMP.</summary>
internal static class UnixTime
{
    public const long Second = 1_000_000;
    public const long Hour = 3600 * Second;
    public const long Day = 24 * Hour;

    /// <summary>The years that .NET's calendar knows: 1 to 9999.</summary>
    public static readonly long Least = Of(DateTime.MinValue), Most = Of(DateTime.MaxValue);

    public static long Of(DateTime time) => (time.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static DateTime ToDateTime(long time) => new(DateTime.UnixEpoch.Ticks + time * TimeSpan.TicksPerMicrosecond, DateTimeKind.Utc);

    public static DateTimeOffset ToOffset(long time) => new(ToDateTime(time));

    public static bool IsKnown(long time) => time >= Least && time <= Most;

    /// <summary>Also right before 1970: rounds down.</summary>
    public static long Divide(long time, long unit) => time >= 0 ? time / unit : -((-time + unit - 1) / unit);
}
