namespace Workbench.Data;

/// <summary>The name that a user probably meant.</summary>
public static class Suggestion
{
    // A name that long is no typing error.
    private const int LongestName = 200;

    /// <summary>The candidate nearest to <paramref name="given"/> by edit distance (Levenshtein 1966), or null when none is near.</summary>
    public static string? Nearest(string given, IEnumerable<string> candidates) =>
        given.Length > LongestName ? null : candidates.Select(name => (name, distance: Distance(given.ToLowerInvariant(), name.ToLowerInvariant())))
            .Where(pair => pair.distance < pair.name.Length && pair.distance <= Math.Max(2, Math.Min(given.Length, pair.name.Length) / 3))
            .OrderBy(pair => pair.distance).ThenBy(pair => pair.name, StringComparer.Ordinal)
            .Select(pair => pair.name).FirstOrDefault();

    /// <summary>" Did you mean 'x'?" with a leading space, or an empty string when nothing is near.</summary>
    public static string DidYouMean(string given, IEnumerable<string> candidates) =>
        Nearest(given, candidates) is { } name ? $" Did you mean '{name}'?" : "";

    private static int Distance(string a, string b)
    {
        var previous = Enumerable.Range(0, b.Length + 1).ToArray();
        for (int i = 1; i <= a.Length; i++)
        {
            var current = new int[b.Length + 1];
            current[0] = i;
            for (int j = 1; j <= b.Length; j++)
                current[j] = Math.Min(Math.Min(previous[j], current[j - 1]) + 1, previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
            previous = current;
        }
        return previous[b.Length];
    }
}
