namespace Workbench.Monitoring;

/// <summary>Event times: microseconds since 1970 UTC, which is what a Parquet TIMESTAMP holds.</summary>
internal static class EventTime
{
    public static long Microseconds(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond;

    public static DateTime ToDateTime(long microseconds) => DateTime.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);
}
