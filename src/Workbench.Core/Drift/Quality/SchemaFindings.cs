using Workbench.Data;
using Workbench.Drift.Quality.Scanning;

namespace Workbench.Drift.Quality;

/// <summary>Columns that came, went, moved or changed their type.</summary>
internal static class SchemaFindings
{
    // Two columns whose categories overlap by this share hold the same.
    private const double SameCategories = 0.8;

    public static IEnumerable<DataQualityFinding> Of(TableProfile usual, TableProfile found)
    {
        var gone = usual.Columns.Where(column => found.Find(column.Column) is null).ToList();
        var added = found.Columns.Where(column => usual.Find(column.Column) is null).ToList();
        foreach (var column in gone)
            yield return Gone(column, added);
        foreach (var column in added)
            yield return new()
            {
                Severity = QualitySeverity.Information, Column = column.Column, Check = QualityCheck.NewColumn, Value = column.Type,
                What = $"'{column.Column}' ({column.Type}) is a new column.", Advice = "Use it in a new reference, or leave it out.",
            };
        if (Moved(usual, found) is { } moved)
            yield return moved;
        foreach (var column in found.Columns)
            if (usual.Find(column.Column) is { } before && TypeChange(before, column) is { } change)
                yield return change;
    }

    private static DataQualityFinding Gone(ColumnProfile column, IReadOnlyList<ColumnProfile> added)
    {
        string? renamed = Suggestion.Nearest(column.Column, added.Select(one => one.Column)) ?? added.FirstOrDefault(one => HoldSame(column, one))?.Column;
        return new()
        {
            Severity = QualitySeverity.Error, Column = column.Column, Check = QualityCheck.MissingColumn, Value = "not there", Allowed = column.Type,
            What = $"'{column.Column}' is not there any more{(renamed is null ? "" : $"; it looks as if it were now called '{renamed}'")}.",
            Advice = renamed is null ? "Ask the source for it, or make a reference without it." : $"Rename '{renamed}' to '{column.Column}' if it is the same.",
        };
    }

    private static bool HoldSame(ColumnProfile one, ColumnProfile other) =>
        one.Categories is { Count: > 1 } mine && other.Categories is { Count: > 1 } theirs
        && mine.Keys.Intersect(theirs.Keys).Count() >= SameCategories * mine.Keys.Union(theirs.Keys).Count();

    private static DataQualityFinding? Moved(TableProfile usual, TableProfile found)
    {
        var before = usual.Columns.Select(column => column.Column).Where(name => found.Find(name) is not null).ToList();
        var now = found.Columns.Select(column => column.Column).Where(name => usual.Find(name) is not null).ToList();
        if (before.SequenceEqual(now))
            return null;
        int first = before.Zip(now).TakeWhile(pair => pair.First == pair.Second).Count();
        return new()
        {
            Severity = QualitySeverity.Information, Check = QualityCheck.ColumnOrder, Column = now[first], Value = $"'{now[first]}' at place {first + 1}", Allowed = $"'{before[first]}' there",
            What = $"The columns stand in another order: the first that differs is '{now[first]}' where '{before[first]}' was.", Advice = "Read columns by name, never by place.",
        };
    }

    private static DataQualityFinding? TypeChange(ColumnProfile before, ColumnProfile now)
    {
        // A column without a value has whatever type its reader guessed.
        if (before.Type == now.Type || before.Present == 0 || now.Present == 0)
            return null;
        bool isOther = before.Kind != now.Kind && !(before.Kind.IsNumeric() && now.Kind.IsNumeric());
        return new()
        {
            Severity = isOther ? QualitySeverity.Error : QualitySeverity.Information, Column = now.Column, Check = QualityCheck.TypeChange, Value = now.Type, Allowed = before.Type,
            What = $"The type of '{now.Column}' changed from {before.Type} to {now.Type}.",
            Advice = isOther ? "Mend the source, or convert the column before it is used." : "It reads the same; convert it where the exact type matters.",
        };
    }
}
