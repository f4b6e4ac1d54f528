namespace Workbench.Workflows.Storage;

/// <summary>Reads the text that says which database to use.</summary>
internal static class DatabaseText
{
    /// <exception cref="WorkflowException">The text names no database, or has a setting that its kind does not know.</exception>
    public static SqlDialect Parse(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
            throw new WorkflowException($"No database was given. {Allowed}");
        if (text.Contains("://", StringComparison.Ordinal))
            throw new WorkflowException($"The database is given as a URI that begins with '{text[..text.IndexOf("://", StringComparison.Ordinal)]}://'. {Allowed}");
        try
        {
            if (Has(text, "host") || Has(text, "server"))
                return new PostgresDialect(new(text));
            return new SqliteDialect(Has(text, "data source") || Has(text, "datasource") || Has(text, "filename")
                ? new(text)
                : new() { DataSource = text });
        }
        catch (ArgumentException failure) // Says which setting; the text itself may hold a password.
        {
            throw new WorkflowException($"The database's connection text cannot be read: {failure.Message} {Allowed}", failure);
        }
    }

    private const string Allowed =
        "Write the path of a SQLite file, 'Data Source=<path>', or for PostgreSQL 'Host=db;Database=workbench;Username=workbench;Password=...'.";

    private static bool Has(string text, string key) => text.Split(';')
        .Any(setting => setting.Split('=', 2) is [var name, _] && string.Equals(name.Trim(), key, StringComparison.OrdinalIgnoreCase));
}
