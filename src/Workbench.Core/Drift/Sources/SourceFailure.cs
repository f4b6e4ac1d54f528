using System.Text.RegularExpressions;
using Workbench.Data;

namespace Workbench.Drift.Sources;

/// <summary>DuckDB's failures in words: what could not be read, why, what to do.</summary>
internal static partial class SourceFailure
{
    private static readonly (string Part, string Remedy)[] Remedies =
    [
        ("Permission denied", "Make it readable for this user."),
        ("No such file", Vanished), ("No files found that match", Vanished),
        ("Could not set lock", "Another process has it open for writing, and DuckDB lets nobody else in then: close it there, or have that process export the table to Parquet."),
        ("different configuration", "This process has it open for writing: compare DriftSource.Query of that connection."),
        ("not a valid DuckDB database", "Give a file that DuckDB wrote."),
        ("database does not exist", "Correct the path."),
        ("magic bytes", NotWhole), ("too small to be a Parquet", NotWhole), ("Failed to read file", NotWhole), ("Snappy", NotWhole), ("ZSTD", NotWhole), ("TProtocol", NotWhole), ("footer", NotWhole),
        ("Malformed JSON", "Mend the line; a last line without its end belongs to a writer that is busy or died."),
        ("Could not convert string", "Mend the value, read such values as NULL with TRY_CAST in a query, or set the column's kind to Categorical."),
        ("Unimplemented type for cast", "Set the column's kind otherwise, or convert it in a query."),
    ];

    private const string Vanished = "It vanished while it was read: see that nobody moves it meanwhile, and try again.";
    private const string NotWhole = "It is no whole Parquet file: its writer is busy or died. Write it again, or delete it.";

    public static DataException Explain(string name, Exception failure, string? column = null)
    {
        string message = FirstLine(failure.Message);
        string remedy = Remedies.Where(one => message.Contains(one.Part, StringComparison.OrdinalIgnoreCase)).Select(one => one.Remedy).FirstOrDefault()
            ?? DuckFailure.Remedy(message) ?? "Check the source.";
        return new($"Cannot read {(column is null ? "" : $"column '{column}' of ")}'{name}': {message}{(message.EndsWith('.') ? "" : ".")} {remedy}", failure)
        {
            Origin = name, Column = column, Value = Quoted().Match(message) is { Success: true } value ? value.Groups["value"].Value : null,
        };
    }

    /// <summary>DuckDB's message without the statement and the hints to its options, which stand in further lines.</summary>
    public static string FirstLine(string message) => Prefix().Replace(message, "").Trim().Split('\n')[0].Trim();

    [GeneratedRegex("^(DuckDBOpen failed: |DuckDB cannot read the columns: |DuckDB stopped while it read the columns: |DuckDB cannot run the query. )")]
    private static partial Regex Prefix();

    [GeneratedRegex("Could not convert string ['\"](?<value>.*)['\"] to")]
    private static partial Regex Quoted();
}
