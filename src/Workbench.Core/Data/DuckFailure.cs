namespace Workbench.Data;

/// <summary>Turns DuckDB's message into one that also says what to do.</summary>
internal static class DuckFailure
{
    // DuckDB.NET reports most errors as "Invalid"; the kind stands at the start of the message.
    private static readonly (string Kind, string Remedy)[] Remedies =
    [
        ("Parser Error", "Correct the SQL at the place shown."),
        ("Catalog Error", "Correct the name, or make the table known with Register."),
        ("Binder Error", "Correct the name; DESCRIBE lists a table's columns."),
        ("IO Error", "Check the path, and that the file is complete."),
        ("Conversion Error", "Mend the value, or use TRY_CAST to read such values as NULL."),
        ("Out of Memory Error", "Read fewer columns or rows at a time, or raise it with SET memory_limit."),
        ("Extension Autoloading Error", "Nothing is downloaded here: copy the data to a local Parquet or CSV file."),
        ("Missing Extension Error", "Nothing is downloaded here: copy the data to a local Parquet or CSV file."),
    ];

    public static DataException Explain(Exception failure, (string Name, object? Value)[] parameters)
    {
        string message = failure.Message.Trim();
        string given = parameters.Length == 0 ? "none" : string.Join(", ", parameters.Select(parameter => "$" + parameter.Name.TrimStart('$')));
        string remedy = Remedy(message)
            ?? (message.Contains("parameter", StringComparison.OrdinalIgnoreCase) ? $"Parameters given: {given}. Give each $name of the SQL exactly once." : "Correct the query.");
        return new DataException($"DuckDB cannot run the query. {message}\n{remedy}", failure);
    }

    /// <summary>What to do after a message of DuckDB, or null when its kind says nothing.</summary>
    public static string? Remedy(string message) =>
        Remedies.Where(pair => message.StartsWith(pair.Kind, StringComparison.OrdinalIgnoreCase)).Select(pair => pair.Remedy).FirstOrDefault();
}
