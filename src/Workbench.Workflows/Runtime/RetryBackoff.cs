namespace Workbench.Workflows.Runtime;

/// <summary>Pauses between attempts.</summary>
internal static class RetryBackoff
{
    /// <summary>
    /// delay · 2^(failures-1), at most <paramref name="longest"/>, times a jitter in [0.8, 1.2) that depends on the key and
    /// the count alone, so that a run can be repeated while different steps do not retry in step.
    /// </summary>
    public static TimeSpan Pause(TimeSpan delay, int failures, TimeSpan longest, string key)
    {
        var doubled = delay.TotalMilliseconds * Math.Pow(2, Math.Min(failures - 1, 30));
        return TimeSpan.FromMilliseconds(Math.Min(doubled, longest.TotalMilliseconds) * (0.8 + 0.4 * Fraction($"{key}/{failures}")));
    }

    /// <summary>FNV-1a with a final mix (murmur3's), as a number in [0, 1).</summary>
    private static double Fraction(string text)
    {
        var hash = text.Aggregate(2166136261u, (hash, letter) => (hash ^ letter) * 16777619u);
        hash = (hash ^ (hash >> 16)) * 0x85ebca6bu;
        hash ^= hash >> 13;
        return hash / (uint.MaxValue + 1.0);
    }
}
