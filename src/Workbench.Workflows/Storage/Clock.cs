namespace Workbench.Workflows.Storage;

/// <summary>Times as the database keeps them: milliseconds since 1970 UTC.</summary>
internal static class Clock
{
    public static long Milliseconds(this TimeProvider time) => time.GetUtcNow().ToUnixTimeMilliseconds();

    public static DateTimeOffset ToTime(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    public static DateTimeOffset? ToTime(long? milliseconds) => milliseconds is { } value ? ToTime(value) : null;
}
