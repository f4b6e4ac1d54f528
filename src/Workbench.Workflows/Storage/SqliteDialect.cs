using System.Data.Common;
using DbUp;
using DbUp.Sqlite.Helpers;
using Microsoft.Data.Sqlite;

namespace Workbench.Workflows.Storage;

/// <summary>
/// A SQLite file in WAL mode. Its clock is this machine's, which is the only one that can use the file. A write transaction
/// holds the one write lock from its start, so that nothing else needs to be locked.
/// </summary>
internal sealed class SqliteDialect : SqlDialect
{
    private const int BusyTimeoutMilliseconds = 10_000;
    private static readonly TimeSpan ListenInterval = TimeSpan.FromMilliseconds(25);

    private readonly SqliteConnectionStringBuilder _settings;
    private readonly SemaphoreSlim _writers = new(1);

    public SqliteDialect(SqliteConnectionStringBuilder settings)
    {
        settings.ForeignKeys = true;
        settings.DefaultTimeout = BusyTimeoutMilliseconds / 1000;
        _settings = settings;
    }

    /// <summary>SQLite lets a writer that finds the lock taken sleep for up to 100 ms; those of this process queue instead.</summary>
    public override SemaphoreSlim? Writers => _writers;

    public override string Now => "cast(round(unixepoch('subsec') * 1000) as integer)";

    public override string ConnectionString => _settings.ConnectionString;

    public override bool IsShared => false;

    public override string ForUpdate => "";

    public override string ForShare => "";

    public override string SkipLocked(string table) => "";

    public override string LockTable(string table) => "select 1";

    public override string IsAnyOf(string parameter) => $"in {parameter}";

    public override async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(_settings.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            Execute(connection, $"pragma busy_timeout={BusyTimeoutMilliseconds}; pragma synchronous=normal");
            return connection;
        }
        catch (SqliteException failure)
        {
            await connection.DisposeAsync();
            throw Explain(failure);
        }
    }

    /// <summary>Nobody tells: looks, at next to no cost, whether another connection has committed anything.</summary>
    public override async Task ListenAsync(Action wake, CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder(_settings.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        using var command = connection.CreateCommand();
        command.CommandText = "pragma data_version"; // https://www.sqlite.org/pragma.html#pragma_data_version
        using var timer = new PeriodicTimer(ListenInterval);
        for (var last = command.ExecuteScalar(); await timer.WaitForNextTickAsync(cancellationToken);)
        {
            var version = command.ExecuteScalar();
            if (!Equals(version, last))
                wake();
            last = version;
        }
    }

    public override bool IsTransient(Exception failure) => failure is SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED };

    public override async Task MigrateAsync(CancellationToken cancellationToken)
    {
        CreateFolder();
        await using var connection = (SqliteConnection)await OpenAsync(cancellationToken);
        try
        {
            Execute(connection, "pragma journal_mode=wal");
            // Holds the write lock around all that DbUp does.
            await using var transaction = connection.BeginTransaction(deferred: false);
            using var shared = new SharedConnection(connection);
            Check(DeployChanges.To.SqliteDatabase(shared)
                .WithScriptsEmbeddedInAssembly(typeof(SqliteDialect).Assembly, IsScript)
                .JournalToSqliteTable(JournalTable)
                .WithVariablesDisabled().WithoutTransaction().LogToNowhere().Build().PerformUpgrade());
            await transaction.CommitAsync(cancellationToken);
        }
        catch (SqliteException failure)
        {
            throw Explain(failure);
        }
    }

    /// <summary>Closes the file, so that it can be moved or deleted.</summary>
    public override ValueTask DisposeAsync()
    {
        using var connection = new SqliteConnection(_settings.ConnectionString);
        SqliteConnection.ClearPool(connection);
        return ValueTask.CompletedTask;
    }

    private void CreateFolder()
    {
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(_settings.DataSource)) is { } folder)
                Directory.CreateDirectory(folder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Explain(failure);
        }
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private WorkflowException Explain(Exception failure) =>
        new($"The workflow database '{_settings.DataSource}' cannot be opened: {failure.Message} See that the path is right, can be written and is a SQLite file.", failure);
}
