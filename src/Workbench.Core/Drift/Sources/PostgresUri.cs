using Npgsql;
using Workbench.Data;

namespace Workbench.Drift.Sources;

/// <summary>Connection URIs as libpq reads them (https://www.postgresql.org/docs/15/libpq-connect.html, 34.1.1.2).</summary>
internal static class PostgresUri
{
    private static readonly string[] Schemes = ["postgres://", "postgresql://"];

    // libpq's names that Npgsql spells otherwise.
    private static readonly Dictionary<string, string> Parameters = new(StringComparer.OrdinalIgnoreCase)
    {
        ["sslmode"] = "SSL Mode", ["sslcert"] = "SSL Certificate", ["sslkey"] = "SSL Key", ["sslrootcert"] = "Root Certificate",
        ["application_name"] = "Application Name", ["connect_timeout"] = "Timeout", ["options"] = "Options", ["passfile"] = "Passfile",
        ["host"] = "Host", ["port"] = "Port", ["dbname"] = "Database", ["user"] = "Username", ["password"] = "Password",
    };

    public static bool Is(string text) => Schemes.Any(scheme => text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));

    /// <summary>The same as Host=...;Database=....</summary>
    /// <exception cref="DataException">It is no such URI; the message does not repeat it, for it may hold a password.</exception>
    public static string ToSettings(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri))
            throw new DataException("The PostgreSQL URI cannot be read. Write postgres://USER:PASSWORD@HOST:PORT/DATABASE, with %XX for special characters in the password.");
        var settings = new NpgsqlConnectionStringBuilder { Host = uri.Host.Length > 0 ? uri.Host : "localhost" };
        if (uri.Port > 0)
            settings.Port = uri.Port;
        if (uri.UserInfo.Length > 0)
        {
            string[] user = uri.UserInfo.Split(':', 2);
            settings.Username = Uri.UnescapeDataString(user[0]);
            if (user.Length == 2)
                settings.Password = Uri.UnescapeDataString(user[1]);
        }
        if (uri.AbsolutePath.Trim('/') is { Length: > 0 } database)
            settings.Database = Uri.UnescapeDataString(database);
        foreach (string parameter in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
            Set(settings, parameter);
        return settings.ConnectionString;
    }

    private static void Set(NpgsqlConnectionStringBuilder settings, string parameter)
    {
        string[] pair = parameter.Split('=', 2);
        if (!Parameters.TryGetValue(pair[0], out string? name) || pair.Length == 1)
            throw new DataException($"The PostgreSQL URI has a parameter '{pair[0]}' that is not known. Known: {string.Join(", ", Parameters.Keys)}, each with a value.");
        try
        {
            // libpq writes verify-ca, Npgsql VerifyCA.
            settings[name] = Uri.UnescapeDataString(pair[1]).Replace("verify-", "Verify", StringComparison.OrdinalIgnoreCase);
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException or InvalidCastException)
        {
            throw new DataException($"The PostgreSQL URI's parameter '{pair[0]}' cannot be read: {failure.Message}", failure);
        }
    }
}
