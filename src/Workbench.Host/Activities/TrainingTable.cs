using Workbench.Data;
using Workbench.Features;

namespace Workbench.Host.Activities;

/// <summary>The rows that a model is trained on, and which of their columns it reads.</summary>
internal static class TrainingTable
{
    /// <summary>Reads and splits the rows: to fit, to stop, to judge.</summary>
    /// <param name="options">Which rows and columns.</param>
    /// <param name="path">File, glob or folder.</param>
    /// <param name="notes">Where columns that are no features are named; default standard output, the step's log.</param>
    /// <exception cref="DataException">A file, column or value is not as needed, or a side of a split would be empty.</exception>
    public static (TabularData Fitting, TabularData Validation, TabularData Training, TabularData Holdout) Read(TrainModelOptions options, string path, TextWriter? notes = null)
    {
        var rows = TabularReader.Read(path, Schema(options, path, notes ?? Console.Out), options.Where);
        var (training, holdout) = TabularSplit.ByHash(WithIds(rows), options.Holdout);
        var (fitting, validation) = TabularSplit.ByHash(training, options.Validation, "validation");
        return (WithoutIds(fitting), WithoutIds(validation), WithoutIds(training), WithoutIds(holdout));
    }

    private static FeatureSchema Schema(TrainModelOptions options, string path, TextWriter notes)
    {
        using var session = DuckSession.Open();
        var table = TableFile.Open(session, path, [.. options.Features, options.Label, .. options.IdColumn is { } id ? new[] { id } : []]);
        var features = options.Features.Count > 0
            ? [.. options.Features.Select(name => Usable(table.Find(name)!, path))] // Open has seen that they are there.
            : All(options, table, notes);
        return new()
        {
            Numeric = [.. features.Where(column => column.IsNumeric).Select(column => column.Name)], Categorical = [.. features.Where(column => !column.IsNumeric).Select(column => column.Name)],
            Label = options.Label, Id = options.IdColumn, Task = options.Task, Positive = options.Positive,
        };
    }

    private static List<TableColumn> All(TrainModelOptions options, TableFile table, TextWriter notes)
    {
        List<string> others = [options.Label, .. options.LeaveOut, .. options.IdColumn is { } id ? new[] { id } : []];
        if (options.LeaveOut.FirstOrDefault(name => table.Find(name) is null) is { } unknown)
            throw new DataException($"'{table.Path}' has no column '{unknown}' to leave out.{Suggestion.DidYouMean(unknown, table.Columns.Select(column => column.Name))} Its columns: {string.Join(", ", table.Columns.Select(column => column.Name))}.") { Origin = table.Path, Column = unknown };
        var (features, unusable) = (new List<TableColumn>(), new List<TableColumn>());
        foreach (var column in table.Columns.Where(column => !others.Contains(column.Name, StringComparer.OrdinalIgnoreCase)))
            (IsUsable(column) ? features : unusable).Add(column);
        if (unusable.Count > 0)
            notes.WriteLine($"No features, being neither numbers nor texts: {string.Join(", ", unusable.Select(column => $"{column.Name} ({column.Type})"))}.");
        return features;
    }

    private static TableColumn Usable(TableColumn column, string path) => IsUsable(column) ? column
        : throw new DataException($"Column '{column.Name}' of '{path}' is a {column.Type}, which is no feature: numbers, booleans and texts are. Cast it, or derive a number from it.") { Origin = path, Column = column.Name, Value = column.Type };

    private static bool IsUsable(TableColumn column) => column.IsNumeric || column.Type == "VARCHAR" || column.Type.StartsWith("ENUM", StringComparison.Ordinal);

    private static TabularData WithIds(TabularData rows) => rows.Schema.Id is not null ? rows : rows with { Ids = [.. Enumerable.Range(0, rows.Rows).Select(row => $"row {row}")] };

    // Rows without a column of ids are kept without ids.
    private static TabularData WithoutIds(TabularData rows) => rows.Schema.Id is not null ? rows : rows with { Ids = [] };
}
