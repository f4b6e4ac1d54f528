namespace Workbench.Data;

/// <summary>
/// Parquet or CSV files that were checked and can now be queried: paste <see cref="Relation"/> after FROM.
/// </summary>
/// <example><code>
/// var churn = TableFile.Open(session, "data/samples/churn", numeric: ["usage_hours"]);
/// var mean = session.Scalar&lt;double&gt;($"SELECT avg(usage_hours) FROM {churn.Relation}");
/// </code></example>
public sealed record TableFile
{
    /// <summary>What was asked for: a file, a glob or a folder.</summary>
    public required string Path { get; init; }
    /// <summary>The files it stands for, sorted ordinally by path.</summary>
    public required IReadOnlyList<string> Files { get; init; }
    /// <summary>Columns in the order of the first file.</summary>
    public required IReadOnlyList<TableColumn> Columns { get; init; }
    /// <summary>A table function with all its options, for use after FROM.</summary>
    public required string Relation { get; init; }

    /// <summary>
    /// Finds and checks files. A folder means the <c>.parquet</c> files below it, or else the <c>.csv</c> and
    /// <c>.csv.gz</c> files; names that start with a dot or underscore are left out. CSV needs a header in line 1; its
    /// delimiter (comma, semicolon, tab or bar) is found there, an empty field is NULL, and all values are checked here.
    /// Parquet files may have further columns beside the required ones; CSV files read together need the same columns.
    /// </summary>
    /// <param name="session">Where to look with; nothing is kept in it.</param>
    /// <param name="path">File, glob such as <c>churn/2024-*.parquet</c>, or folder.</param>
    /// <param name="columns">Columns that must be there, ignoring case; default none.</param>
    /// <param name="numeric">Columns that must be there and hold numbers (or booleans); default none.</param>
    /// <exception cref="DataException">No such file, an empty or damaged one, a missing column, or a value or type that is no number: names file, line, column and value.</exception>
    public static TableFile Open(DuckSession session, string path, IReadOnlyList<string>? columns = null, IReadOnlyList<string>? numeric = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var files = TableLocator.Find(session, path, TableFormats.OfTableFile);
        return TableLocator.IsParquet(files[0])
            ? ParquetTable.Open(session, path, files, columns ?? [], numeric ?? [])
            : CsvTable.Open(session, path, files, columns ?? [], numeric ?? []);
    }

    /// <summary>The column of that name, ignoring case as SQL does, or null.</summary>
    public TableColumn? Find(string name) => Columns.FirstOrDefault(column => column.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    internal static void RequireColumns(string file, IEnumerable<TableColumn> present, IEnumerable<string> required)
    {
        var names = present.Select(column => column.Name).ToList();
        var missing = required.Where(name => !names.Contains(name, StringComparer.OrdinalIgnoreCase)).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        if (missing.Count > 0)
            throw new DataException(
                $"'{file}' lacks {(missing.Count == 1 ? "column" : "columns")} {string.Join(", ", missing.Select(name => $"'{name}'"))}.{Suggestion.DidYouMean(missing[0], names)} "
                + $"Its columns: {string.Join(", ", names)}. Correct the name or the file.")
            { Origin = file, Column = missing[0] };
    }

    internal static string List(IEnumerable<string> files) => $"[{string.Join(", ", files.Select(DuckSession.Literal))}]";
}
