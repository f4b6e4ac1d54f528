namespace Workbench.Serving.Protocol;

/// <summary>Suggestions for a mistyped name.</summary>
internal static class Spelling
{
    /// <summary><c> Did you mean 'x'?</c> for the nearest name within a third of the letters (rounded up), or nothing.</summary>
    public static string Suggest(string name, IEnumerable<string> known)
    {
        var nearest = known.Select(candidate => (candidate, distance: Distance(name, candidate))).MinBy(pair => pair.distance);
        return nearest.candidate is not null && nearest.distance <= (name.Length + 2) / 3 ? $" Did you mean '{nearest.candidate}'?" : "";
    }

    /// <summary>Levenshtein's edit distance, letters in either case being the same.</summary>
    private static int Distance(string from, string to)
    {
        if (from.Length > 200)   // a name that long is no typing error
            return int.MaxValue;
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (int i = 1; i <= from.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                bool same = char.ToLowerInvariant(from[i - 1]) == char.ToLowerInvariant(to[j - 1]);
                (diagonal, row[j]) = (row[j], Math.Min(diagonal + (same ? 0 : 1), Math.Min(row[j], row[j - 1]) + 1));
            }
        }
        return row[^1];
    }
}
