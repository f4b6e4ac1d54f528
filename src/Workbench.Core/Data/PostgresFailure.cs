using System.Net.Sockets;
using Npgsql;

namespace Workbench.Data;

/// <summary>What PostgreSQL's error codes (https://www.postgresql.org/docs/15/errcodes-appendix.html) mean to a user, and what to do.</summary>
internal static class PostgresFailure
{
    private const string Where = "Give the database with --db or WORKBENCH_DB.";

    /// <summary>The surroundings are at fault (server, network, rights, disk), not the statement.</summary>
    public static bool IsEnvironment(Exception failure) => failure is NpgsqlException and not PostgresException
        || failure is PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.ReadOnlySqlTransaction }
        || (failure is PostgresException refused && refused.SqlState[..2] is "08" or "28" or "3D" or "53" or "57" or "58");

    /// <summary>The server is away, shutting down, starting or full: the same call may succeed later.</summary>
    public static bool IsUnavailable(Exception failure) => failure is NpgsqlException and not PostgresException
        || (failure is PostgresException refused && refused.SqlState[..2] is "08" or "53" or "57" or "58");

    /// <param name="failure">What the server or the network said.</param>
    /// <param name="settings">The address.</param>
    /// <param name="where">Where a user gives the address.</param>
    public static string Describe(Exception failure, NpgsqlConnectionStringBuilder settings, string where = Where)
    {
        var (database, user, server) = (settings.Database ?? settings.Username, settings.Username, $"{settings.Host}:{settings.Port}");
        return failure switch
        {
            PostgresException { SqlState: PostgresErrorCodes.InvalidPassword } =>
                $"The PostgreSQL server at {server} refuses user '{user}': the password is wrong. Correct Password in WORKBENCH_DB, PGPASSWORD or the password file.",
            PostgresException { SqlState: PostgresErrorCodes.InvalidAuthorizationSpecification } refused =>
                $"The PostgreSQL server at {server} refuses user '{user}': {refused.MessageText}. See the server's pg_hba.conf, or correct Username. {where}",
            PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } =>
                $"The PostgreSQL server at {server} has no database '{database}'. Create it: createdb -h {settings.Host} -p {settings.Port} -U {user} {database}. Or correct Database. {where}",
            PostgresException { SqlState: PostgresErrorCodes.TooManyConnections } =>
                $"The PostgreSQL server at {server} has no connection left. Raise its max_connections, or set 'Maximum Pool Size' lower. {where}",
            PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } refused =>
                $"User '{user}' may not do this in the PostgreSQL database '{database}' at {server}: {refused.MessageText}. Make the user the database's owner.",
            PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } =>
                $"The PostgreSQL database '{database}' at {server} is read-only, as a standby is. Name the primary. {where}",
            PostgresException refused =>
                $"The PostgreSQL database '{database}' at {server} failed: {refused.MessageText} ({refused.SqlState}). See the server's log.",
            { InnerException: SocketException unreachable } =>
                $"No PostgreSQL server answers at {server}: {unreachable.Message}. Start it, or correct Host and Port. {where}",
            _ => $"The PostgreSQL database '{database}' at {server} cannot be used: {failure.Message} See that the server runs and is reachable. {where}",
        };
    }
}
