namespace Workbench.Data;

/// <summary>Formats by the ends of file names.</summary>
internal static class TableFormats
{
    private static readonly string[] Parquet = [".parquet"], Csv = [".csv", ".csv.gz", ".tsv", ".tsv.gz"], Json = [".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz", ".json", ".json.gz"];

    /// <summary>What <see cref="TableFile"/> reads.</summary>
    public static readonly IReadOnlyList<string> OfTableFile = [".parquet", ".csv", ".csv.gz"];

    /// <summary>Every extension that has a format.</summary>
    public static readonly IReadOnlyList<string> All = [.. Parquet, .. Csv, .. Json];

    /// <summary>The format of a file, or null when its name has none of the extensions.</summary>
    public static TableFormat? Of(string file, IReadOnlyList<string> extensions) => extensions.FirstOrDefault(extension => file.EndsWith(extension, StringComparison.OrdinalIgnoreCase)) switch
    {
        null => null,
        var extension when Parquet.Contains(extension) => TableFormat.Parquet,
        var extension when Csv.Contains(extension) => TableFormat.Csv,
        _ => TableFormat.Json,
    };
}
