namespace Workbench.Registry;

/// <summary>The end of a message about an unknown name: the nearest known name, and all that are known.</summary>
internal static class Spelling
{
    private const int ListedNames = 20;

    public static string Suggest(string value, IReadOnlyCollection<string> known)
    {
        if (known.Count == 0)
            return "None is known yet.";
        var listed = string.Join(", ", known.Take(ListedNames)) + (known.Count > ListedNames ? $" and {known.Count - ListedNames} more" : "");
        var nearest = known.MinBy(name => Distance(value, name)) ?? "";
        var distance = Distance(value, nearest);
        // Two edits let one swapped pair of letters pass.
        var isNear = distance < value.Length && distance <= Math.Max(2, value.Length / 3);
        return isNear ? $"Did you mean '{nearest}'? Known: {listed}." : $"Known: {listed}.";
    }

    /// <summary>Levenshtein distance without regard to case (Wagner and Fischer, 1974).</summary>
    public static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replace = diagonal + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replace, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.Length];
    }
}
