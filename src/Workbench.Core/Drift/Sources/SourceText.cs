using Workbench.Data;

namespace Workbench.Drift.Sources;

/// <summary>Reads the text form of a source. What stands behind # is a table or a query of the database before it.</summary>
internal static class SourceText
{
    private const string Environment = "env:";
    private static readonly string[] DuckDbFiles = [".duckdb", ".ddb"];

    public static DriftSource Parse(string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        var (address, table) = Split(text.Trim());
        if (address.StartsWith(Environment, StringComparison.Ordinal))
            return DriftSource.Postgres(Postgres(FromEnvironment(address[Environment.Length..])), Require(table, "env:NAME"));
        if (IsPostgres(address))
            return DriftSource.Postgres(Postgres(address), Require(table, "postgres://USER@HOST/DATABASE"));
        if (DuckDbFiles.Any(extension => address.EndsWith(extension, StringComparison.OrdinalIgnoreCase)))
            return DriftSource.DuckDb(address, Require(table, address));
        return DriftSource.File(text.Trim());
    }

    // A quoted value of the address may hold a #.
    private static (string Address, string? Table) Split(string text)
    {
        char quote = '\0';
        bool hasQuotes = IsSettings(text);
        for (int i = 0; i < text.Length; i++)
        {
            if (hasQuotes && text[i] is '\'' or '"' && (quote == '\0' || quote == text[i]))
                quote = quote == '\0' ? text[i] : '\0';
            else if (text[i] == '#' && quote == '\0')
                return (text[..i].TrimEnd(), text[(i + 1)..].Trim());
        }
        return (text, null);
    }

    private static bool IsPostgres(string address) => PostgresUri.Is(address) || IsSettings(address);

    private static bool IsSettings(string address) =>
        address.Split(';').Any(setting => setting.Split('=', 2) is [var name, _] && name.Trim().ToLowerInvariant() is "host" or "server");

    private static DatabaseAddress Postgres(string address)
    {
        if (!IsPostgres(address))
            throw new DataException("The address names no PostgreSQL server. Write postgres://USER@HOST:PORT/DATABASE or Host=...;Database=...;Username=....");
        return DatabaseAddress.Parse(PostgresUri.Is(address) ? PostgresUri.ToSettings(address) : address);
    }

    private static string FromEnvironment(string name) => System.Environment.GetEnvironmentVariable(name) is { Length: > 0 } address
        ? address
        : throw new DataException($"The environment variable '{name}' is not set. It must hold a database's address, such as postgres://USER:PASSWORD@HOST/DATABASE.");

    private static string Require(string? table, string before) => table is { Length: > 0 }
        ? table
        : throw new DataException($"The source names a database and no table. Write {before}#TABLE, or a SELECT in place of TABLE.");
}
