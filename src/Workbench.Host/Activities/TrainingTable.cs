using System.Globalization;
using Workbench.Data;
using Workbench.Features;

namespace Workbench.Host.Activities;

/// <summary>The rows that a model is trained on, and which of their columns it reads.</summary>
internal static class TrainingTable
{
    /// <summary>A text column with more different texts than this share of the rows names rows; those of tables this small are taken as they are.</summary>
    private const double NameShare = 0.5;
    private const int FewestNames = 100;

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
            : All(options, session, table, notes);
        return new()
        {
            Numeric = [.. features.Where(column => column.IsNumeric).Select(column => column.Name)], Categorical = [.. features.Where(column => !column.IsNumeric).Select(column => column.Name)],
            Label = options.Label, Id = options.IdColumn, Task = options.Task, Positive = options.Positive,
        };
    }

    private static List<TableColumn> All(TrainModelOptions options, DuckSession session, TableFile table, TextWriter notes)
    {
        List<string> others = [options.Label, .. options.LeaveOut, .. options.IdColumn is { } id ? new[] { id } : []];
        if (options.LeaveOut.FirstOrDefault(name => table.Find(name) is null) is { } unknown)
            throw new DataException($"'{table.Path}' has no column '{unknown}' to leave out.{Suggestion.DidYouMean(unknown, table.Columns.Select(column => column.Name))} Its columns: {string.Join(", ", table.Columns.Select(column => column.Name))}.") { Origin = table.Path, Column = unknown };
        var (features, unusable) = (new List<TableColumn>(), new List<TableColumn>());
        foreach (var column in table.Columns.Where(column => !others.Contains(column.Name, StringComparer.OrdinalIgnoreCase)))
            (IsUsable(column) ? features : unusable).Add(column);
        if (unusable.Count > 0)
            notes.WriteLine($"No features, being neither numbers nor texts: {string.Join(", ", unusable.Select(column => $"{column.Name} ({column.Type})"))}.");
        var names = Names(session, table, features);
        if (names.Count > 0)
            notes.WriteLine($"No features, having another text in nearly every row as an id has: {string.Join(", ", names.Select(column => column.Name))}. Name them as features to take them all the same.");
        return [.. features.Except(names)];
    }

    // Texts that name rows teach nothing, and a network would keep a weight for each.
    private static List<TableColumn> Names(DuckSession session, TableFile table, IReadOnlyList<TableColumn> features)
    {
        var texts = features.Where(column => !column.IsNumeric).ToList();
        if (texts.Count == 0)
            return [];
        string counts = string.Join(", ", texts.Select(column => $"approx_count_distinct({DuckSession.Identifier(column.Name)})"));
        var (rows, distinct) = session.Query<(long Rows, string Distinct)>($"SELECT count(*), concat_ws(' ', {counts}) FROM {table.Relation}").Single();
        var numbers = distinct.Split(' ').Select(number => long.Parse(number, CultureInfo.InvariantCulture)).ToList();
        return [.. texts.Where((_, index) => numbers[index] > Math.Max(FewestNames, NameShare * rows))];
    }

    private static TableColumn Usable(TableColumn column, string path) => IsUsable(column) ? column
        : throw new DataException($"Column '{column.Name}' of '{path}' is a {column.Type}, which is no feature: numbers, booleans and texts are. Cast it, or derive a number from it.") { Origin = path, Column = column.Name, Value = column.Type };

    private static bool IsUsable(TableColumn column) => column.IsNumeric || column.Type == "VARCHAR" || column.Type.StartsWith("ENUM", StringComparison.Ordinal);

    private static TabularData WithIds(TabularData rows) => rows.Schema.Id is not null ? rows : rows with { Ids = [.. Enumerable.Range(0, rows.Rows).Select(row => $"row {row}")] };

    // Rows without a column of ids are kept without ids.
    private static TabularData WithoutIds(TabularData rows) => rows.Schema.Id is not null ? rows : rows with { Ids = [] };
}
