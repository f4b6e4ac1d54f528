namespace Workbench.Registry;

/// <summary>Times in the database: milliseconds since 1970 UTC.</summary>
internal static class RegistryTime
{
    public static long Milliseconds(this TimeProvider clock) => clock.GetUtcNow().ToUnixTimeMilliseconds();

    public static DateTimeOffset From(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    public static DateTimeOffset? From(long? milliseconds) => milliseconds is { } value ? From(value) : null;
}
