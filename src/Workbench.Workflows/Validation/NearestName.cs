namespace Workbench.Workflows.Validation;

/// <summary>Finds what was probably meant (Levenshtein distance, ignoring case).</summary>
internal static class NearestName
{
    /// <summary>" Did you mean 'x'?" when a name is near enough, followed by the list of known names.</summary>
    public static string Suggest(string name, IEnumerable<string> known)
    {
        var names = known.Distinct().ToList();
        var nearest = names.MinBy(candidate => Distance(name, candidate));
        var isNear = nearest is not null && Distance(name, nearest) <= Math.Max(2, nearest.Length / 3);
        var list = names.Count == 0 ? "none" : string.Join(", ", names);
        return $"{(isNear ? $"Did you mean '{nearest}'? " : "")}Known: {list}.";
    }

    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 0; i < left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i + 1;
            for (var j = 0; j < right.Length; j++)
            {
                var same = char.ToUpperInvariant(left[i]) == char.ToUpperInvariant(right[j]);
                var best = Math.Min(Math.Min(row[j], row[j + 1]) + 1, diagonal + (same ? 0 : 1));
                diagonal = row[j + 1];
                row[j + 1] = best;
            }
        }
        return row[^1];
    }
}
