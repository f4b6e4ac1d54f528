using Microsoft.Data.Sqlite;
using Npgsql;

namespace Workbench.Data;

/// <summary>
/// Which relational database an installation uses: a SQLite file, or a PostgreSQL database that several nodes share.
/// What it prints as never holds a password; <see cref="Text"/> does.
/// </summary>
public sealed record DatabaseAddress
{
    /// <summary>Environment variable with the address; a process that Workbench starts gets it from its parent, which keeps passwords out of command lines.</summary>
    public const string EnvironmentVariable = "WORKBENCH_DB";

    /// <summary>What may be written, for messages and help.</summary>
    public const string Allowed =
        "Write 'Host=db;Database=workbench;Username=workbench;Password=...' for PostgreSQL, or the path of a SQLite file.";

    private DatabaseAddress(string text, bool isPostgres, string display) => (Text, IsPostgres, Display) = (text, isPostgres, display);

    /// <summary>The whole address as it was given, with the password when it has one: never print it.</summary>
    public string Text { get; }

    /// <summary>Whether it is a PostgreSQL server's; otherwise it is a SQLite file.</summary>
    public bool IsPostgres { get; }

    /// <summary>The address in words, without the password.</summary>
    public string Display { get; }

    /// <summary>Whether the text itself holds a password, which whoever sees the text can read.</summary>
    public bool HasPassword => IsPostgres && new NpgsqlConnectionStringBuilder(Text).Password is { Length: > 0 };

    /// <summary>The address of a SQLite file.</summary>
    public static DatabaseAddress OfFile(string path) => new(path, isPostgres: false, path);

    /// <summary>The address that <see cref="EnvironmentVariable"/> holds, or null when it is not set.</summary>
    /// <exception cref="DataException">The variable is set and names no database.</exception>
    public static DatabaseAddress? FromEnvironment() =>
        Environment.GetEnvironmentVariable(EnvironmentVariable) is { Length: > 0 } text ? Parse(text) : null;

    /// <summary>Reads <c>Host=...;Database=...</c>, <c>Data Source=...</c>, or the path of a SQLite file.</summary>
    /// <exception cref="DataException">The text names no database; says what is allowed and does not repeat the text, which may hold a password.</exception>
    public static DatabaseAddress Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (string.IsNullOrWhiteSpace(text))
            throw new DataException($"The database's address is empty. {Allowed}");
        if (text.IndexOf("://", StringComparison.Ordinal) is >= 0 and var scheme)
            throw new DataException($"The database's address is a URI that begins with '{text[..scheme]}://'. {Allowed}");
        try
        {
            if (Has(text, "host") || Has(text, "server"))
                return OfServer(text, new NpgsqlConnectionStringBuilder(text));
            return OfFile(Path.GetFullPath(Has(text, "data source") || Has(text, "datasource") || Has(text, "filename")
                ? new SqliteConnectionStringBuilder(text).DataSource
                : OnlyPath(text)));
        }
        catch (ArgumentException failure)
        {
            throw new DataException($"The database's address cannot be read: {failure.Message} {Allowed}", failure);
        }
    }

    /// <summary>The same as <see cref="Display"/>.</summary>
    public override string ToString() => Display;

    private static DatabaseAddress OfServer(string text, NpgsqlConnectionStringBuilder settings) =>
        new(text, isPostgres: true, $"PostgreSQL database '{settings.Database ?? settings.Username}' at {settings.Host}:{settings.Port}");

    private static string OnlyPath(string text) => text.Contains('=') && text.Contains(';')
        ? throw new ArgumentException("it has settings, but none that says where: Host, or Data Source.")
        : text;

    private static bool Has(string text, string key) => text.Split(';')
        .Any(setting => setting.Split('=', 2) is [var name, _] && string.Equals(name.Trim(), key, StringComparison.OrdinalIgnoreCase));
}
