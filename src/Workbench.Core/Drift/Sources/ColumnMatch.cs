using Workbench.Data;

namespace Workbench.Drift.Sources;

/// <summary>Which columns of two sides belong together: those of one name.</summary>
internal static class ColumnMatch
{
    private const int Listed = 20;

    /// <summary>Name and types of the columns that both sides have, in the order of the reference.</summary>
    /// <exception cref="DataException">There is none; says which names differ only in case.</exception>
    public static IReadOnlyList<CommonColumn> Common(DriftInput reference, DriftInput current)
    {
        var types = current.Columns.ToDictionary(column => column.Name, column => column.Type, StringComparer.Ordinal);
        var common = reference.Columns.Where(column => types.ContainsKey(column.Name)).Select(column => new CommonColumn(column.Name, column.Type, types[column.Name])).ToList();
        if (common.Count > 0)
            return common;
        var renamed = OtherCase(reference, current);
        string hint = renamed.Count == 0
            ? "Names must be equal, also in case."
            : $"{string.Join(", ", renamed.Take(5).Select(pair => $"'{pair.Reference}' and '{pair.Current}'"))} differ only in case: rename {(renamed.Count == 1 ? "one" : "them")}, or give a query with AS.";
        throw new DataException($"'{reference.Name}' and '{current.Name}' have no column in common: {Names(reference)} against {Names(current)}. {hint}");
    }

    /// <summary>Columns that have a partner on the other side which differs only in case.</summary>
    public static IReadOnlyList<RenamedColumn> OtherCase(DriftInput reference, DriftInput current)
    {
        var exact = current.Columns.Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
        var mine = reference.Columns.Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
        var theirs = current.Columns.Select(column => column.Name).Where(name => !mine.Contains(name)).ToLookup(name => name, StringComparer.OrdinalIgnoreCase);
        return reference.Columns.Where(column => !exact.Contains(column.Name) && theirs.Contains(column.Name))
            .Select(column => new RenamedColumn(column.Name, theirs[column.Name].First())).ToList();
    }

    /// <summary>Refuses two columns of one name: nobody could say which is meant.</summary>
    public static void RequireDistinct(string source, IEnumerable<string> names)
    {
        if (names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twin)
            throw new DataException($"'{source}' has {twin.Count()} columns '{twin.Key}'. Each column needs a name of its own: rename all but one with AS.") { Origin = source, Column = twin.Key };
    }

    private static string Names(DriftInput input) =>
        $"[{string.Join(", ", input.Columns.Take(Listed).Select(column => column.Name))}{(input.Columns.Count > Listed ? $" and {input.Columns.Count - Listed} more" : "")}]";
}
