using Workbench.Data;
using Workbench.Drift.Sources;

namespace Workbench.Drift.Chunks;

/// <summary>Finds the column with the time of a row.</summary>
internal static class TimeColumn
{
    /// <summary>The column, or null when there is none and <paramref name="need"/> is null.</summary>
    /// <param name="reference">Reference.</param>
    /// <param name="current">Current rows.</param>
    /// <param name="named">The user's choice, or null.</param>
    /// <param name="need">What needs a time, such as "Chunks by day"; null when it can be done without.</param>
    public static string? Find(DriftInput reference, DriftInput current, string? named, string? need)
    {
        if (named is not null)
        {
            RequireTime(current, named);
            return named;
        }
        var candidates = current.Columns.Where(column => IsTime(column.Type)).Select(column => column.Name).ToList();
        var common = candidates.Where(name => Has(reference, name)).ToList();
        if ((common.Count > 0 ? common : candidates) is [var only])
            return only;
        if (need is null)
            return null;
        throw new DataException(candidates.Count == 0
            ? $"{need} need a time, and '{current.Name}' has no date or timestamp: {Columns(current)}. Name a column of ISO 8601 text as the time column, or take chunks by number of rows."
            : $"{need} need a time, and '{current.Name}' has several: {string.Join(", ", candidates)}. Name one as the time column.") { Origin = current.Name };
    }

    /// <summary>Whether the side has the column with a type that can be a time.</summary>
    public static bool Has(DriftInput input, string name) => input.Columns.Any(column => column.Name == name && CanBeTime(column.Type));

    /// <summary>Refuses a column that is absent or can be no time.</summary>
    public static void RequireTime(DriftInput input, string name)
    {
        if (input.Columns.FirstOrDefault(column => column.Name == name) is not var (_, type))
            throw new DataException($"Time column '{name}' is not in '{input.Name}'.{Suggestion.DidYouMean(name, input.Columns.Select(column => column.Name))} {Columns(input)}.") { Origin = input.Name, Column = name };
        if (!CanBeTime(type))
            throw new DataException($"Time column '{name}' of '{input.Name}' is {type}; allowed: a date, a timestamp, or text of ISO 8601. Convert it in a query, such as to_timestamp({name}).") { Origin = input.Name, Column = name };
    }

    private static bool IsTime(string type) => type == "DATE" || type.StartsWith("TIMESTAMP", StringComparison.Ordinal) && !type.EndsWith(']');

    private static bool CanBeTime(string type) => IsTime(type) || type == "VARCHAR";

    private static string Columns(DriftInput input) =>
        $"Its columns: {string.Join(", ", input.Columns.Take(20).Select(column => $"{column.Name} {column.Type}"))}{(input.Columns.Count > 20 ? $" and {input.Columns.Count - 20} more" : "")}";
}
