namespace Workbench.Data;

/// <summary>Formats by the ends of file names.</summary>
internal static class TableFormats
{
    private static readonly (string Extension, TableFormat Format)[] Known =
    [
        (".parquet", TableFormat.Parquet),
        (".csv", TableFormat.Csv), (".csv.gz", TableFormat.Csv), (".tsv", TableFormat.Csv), (".tsv.gz", TableFormat.Csv),
        (".jsonl", TableFormat.Json), (".jsonl.gz", TableFormat.Json), (".ndjson", TableFormat.Json), (".ndjson.gz", TableFormat.Json),
        (".json", TableFormat.Json), (".json.gz", TableFormat.Json),
    ];

    /// <summary>What <see cref="TableFile"/> reads.</summary>
    public static readonly IReadOnlyList<string> OfTableFile = [".parquet", ".csv", ".csv.gz"];

    /// <summary>Every extension that has a format.</summary>
    public static readonly IReadOnlyList<string> All = [.. Known.Select(known => known.Extension)];

    /// <summary>The format of a file, or null when its name has none of the extensions.</summary>
    public static TableFormat? Of(string file, IReadOnlyList<string> extensions) =>
        Known.Where(known => extensions.Contains(known.Extension) && file.EndsWith(known.Extension, StringComparison.OrdinalIgnoreCase))
            .Select(known => (TableFormat?)known.Format).FirstOrDefault();
}
