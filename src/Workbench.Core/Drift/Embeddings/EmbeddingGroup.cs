using System.Globalization;

namespace Workbench.Drift.Embeddings;

/// <summary>Numeric columns that are one embedding.</summary>
internal static class EmbeddingGroup
{
    /// <summary>The columns, or those that a pattern stands for, in the order of their numbers.</summary>
    public static IReadOnlyList<string> Resolve(IReadOnlyList<string> columns, IReadOnlyCollection<string> common)
    {
        if (!(columns.Count == 1 && columns[0].EndsWith('*')))
            return columns;
        string prefix = columns[0][..^1];
        return [.. common.Where(column => column.StartsWith(prefix, StringComparison.Ordinal) && Number(column, prefix) is not null).OrderBy(column => Number(column, prefix))];
    }

    public static IEnumerable<string> Findings(string name, IReadOnlyList<string> columns, IReadOnlyCollection<string> common)
    {
        var members = Resolve(columns, common);
        if (members.Count < 2)
            yield return $"Embedding '{name}' finds {members.Count} columns for '{columns[0]}'; at least two are needed. Columns of both sides: {string.Join(", ", common)}.";
        foreach (string column in members.Where(column => !common.Contains(column)))
            yield return $"Column '{column}' of embedding '{name}' is not on both sides.";
        if (common.Contains(name) && !members.Contains(name))
            yield return $"Embedding '{name}' has the name of a column that is no part of it; give it another name.";
    }

    private static int? Number(string column, string prefix) =>
        int.TryParse(column.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
