using System.Text.RegularExpressions;
using Workbench.Data;

namespace Workbench.Drift.Sources;

/// <summary>Tells a query from a table's name.</summary>
internal static partial class QueryText
{
    private const int ListedTables = 20;

    /// <summary>Whether the text begins as a query does; a table of that very name goes first.</summary>
    public static bool IsQuery(string text) => Start().IsMatch(text);

    public static DataException NoTable(string database, string name, IEnumerable<string> tables)
    {
        var known = tables.Order(StringComparer.Ordinal).ToList();
        string list = known.Count == 0 ? "It has none." : $"Its tables and views: {string.Join(", ", known.Take(ListedTables))}{(known.Count > ListedTables ? $" and {known.Count - ListedTables} more" : "")}.";
        return new($"'{database}' has no table '{name}'.{Suggestion.DidYouMean(name, known)} {list} Correct the name, or give a SELECT.") { Origin = database, Value = name };
    }

    [GeneratedRegex(@"^(\s|--[^\n]*\n|/\*.*?\*/)*(\(|(select|with|values|from|table)\b)", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Start();
}
