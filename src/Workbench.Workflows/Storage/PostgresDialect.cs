using System.Data.Common;
using Dapper;
using DbUp;
using DbUp.Postgresql;
using Npgsql;

namespace Workbench.Workflows.Storage;

/// <summary>A PostgreSQL database that any number of hosts share; its clock is the one that counts.</summary>
internal sealed class PostgresDialect : SqlDialect
{
    // Any number that no other program on the same database locks: "wbflows" in ASCII.
    private const long MigrationLock = 0x7762666c6f7773;
    private const int PreparedStatements = 60;
    private const string Channel = "workbench_steps";
    private const int KeepAliveSeconds = 10;

    private readonly NpgsqlConnectionStringBuilder _settings;
    private readonly NpgsqlDataSource _source;

    public PostgresDialect(NpgsqlConnectionStringBuilder settings)
    {
        _settings = settings;
        if (!settings.ContainsKey("Max Auto Prepare"))
            settings.MaxAutoPrepare = PreparedStatements;
        if (!settings.ContainsKey("Application Name"))
            settings.ApplicationName = "workbench";
        _source = NpgsqlDataSource.Create(settings);
    }

    public override string Now => "cast(extract(epoch from clock_timestamp()) * 1000 as bigint)";

    public override string ConnectionString => _settings.ConnectionString;

    public override bool IsShared => true;

    public override string ForUpdate => "for update";

    public override string ForShare => "for share";

    public override string WakeWorkers => $"; notify {Channel}";

    public override string SkipLocked(string table) => $"for update of {table} skip locked";

    public override string LockTable(string table) => $"lock table {table} in exclusive mode";

    public override string IsAnyOf(string parameter) => $"= any({parameter})";

    public override async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _source.OpenConnectionAsync(cancellationToken);
        }
        catch (NpgsqlException failure)
        {
            throw new WorkflowException(
                $"The PostgreSQL database '{_settings.Database}' at {_settings.Host}:{_settings.Port} cannot be opened: {failure.Message} See that the server runs, that the database exists, and that user and password fit.",
                failure) { IsUnavailable = failure is not PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidCatalogName } };
        }
    }

    public override async Task ListenAsync(Action wake, CancellationToken cancellationToken)
    {
        // A connection of its own, which notices when the server is gone without a word.
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_settings.ConnectionString) { Pooling = false, KeepAlive = KeepAliveSeconds }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        connection.Notification += (_, _) => wake();
        await connection.ExecuteAsync(new CommandDefinition($"listen {Channel}", cancellationToken: cancellationToken));
        wake(); // Whatever came before it listened.
        while (true)
            await connection.WaitAsync(cancellationToken);
    }

    public override bool IsTransient(Exception failure) =>
        failure is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure };

    public override async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition("select pg_advisory_lock(@MigrationLock)", new { MigrationLock }, cancellationToken: cancellationToken));
        try
        {
            Check(DeployChanges.To.PostgresqlDatabase(new PostgresqlConnectionManager(_source))
                .WithScriptsEmbeddedInAssembly(typeof(PostgresDialect).Assembly, IsScript)
                .JournalToPostgresqlTable(null, JournalTable)
                .WithVariablesDisabled().WithTransaction().LogToNowhere().Build().PerformUpgrade());
        }
        finally
        {
            await connection.ExecuteAsync("select pg_advisory_unlock(@MigrationLock)", new { MigrationLock });
        }
    }

    public override ValueTask DisposeAsync() => _source.DisposeAsync();
}
