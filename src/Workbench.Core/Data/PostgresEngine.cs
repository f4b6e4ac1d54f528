using System.Data.Common;
using System.Reflection;
using DbUp;
using DbUp.Postgresql;
using Npgsql;

namespace Workbench.Data;

/// <summary>A PostgreSQL database that any number of nodes share. Connections of one process come from one pool.</summary>
internal sealed class PostgresEngine : DatabaseEngine
{
    // Any number that no other program on the same database locks: "wbstore" in ASCII.
    private const long MigrationLock = 0x776273746f7265;
    private const int PreparedStatements = 40;

    private readonly NpgsqlConnectionStringBuilder _settings;

    public PostgresEngine(DatabaseAddress address)
    {
        Name = address.Display;
        _settings = new(address.Text);
        if (!_settings.ContainsKey("Max Auto Prepare"))
            _settings.MaxAutoPrepare = PreparedStatements;
        if (!_settings.ContainsKey("Application Name"))
            _settings.ApplicationName = "workbench";
    }

    public override string Name { get; }

    public override string ForUpdate => "for update";

    public override string Now => "cast(extract(epoch from clock_timestamp()) * 1000 as bigint)";

    public override string LockTable(string table) => $"lock table {table} in exclusive mode";

    public override void Create()
    {
        using var connection = new NpgsqlConnection(_settings.ConnectionString);
        connection.Open();
    }

    public override async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(_settings.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public override void Migrate(Assembly assembly, string scriptPrefix, string journalTable)
    {
        using var connection = new NpgsqlConnection(_settings.ConnectionString);
        connection.Open();
        Execute(connection, "select pg_advisory_lock(@id)");
        try
        {
            Check(DeployChanges.To
                .PostgresqlDatabase(new PostgresqlConnectionManager(_settings.ConnectionString))
                .WithScriptsEmbeddedInAssembly(assembly, name => name.StartsWith(scriptPrefix, StringComparison.Ordinal))
                .JournalToPostgresqlTable(null, journalTable)
                .WithVariablesDisabled().WithTransaction().LogToNowhere().Build().PerformUpgrade(), Name);
        }
        finally
        {
            Execute(connection, "select pg_advisory_unlock(@id)");
        }
    }

    public override bool IsTransient(DbException failure) =>
        failure is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure };

    public override bool IsEnvironment(DbException failure) => PostgresFailure.IsEnvironment(failure);

    public override DataException Explain(Exception failure) =>
        new(PostgresFailure.Describe(failure, _settings), failure) { Origin = Name, IsUnavailable = PostgresFailure.IsUnavailable(failure) };

    private static void Execute(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddWithValue("id", MigrationLock);
        command.ExecuteNonQuery();
    }
}
