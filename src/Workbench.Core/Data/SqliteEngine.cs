using System.Data.Common;
using System.Reflection;
using DbUp;
using DbUp.Sqlite.Helpers;
using Microsoft.Data.Sqlite;

namespace Workbench.Data;

/// <summary>A SQLite file in WAL mode. A write transaction holds the one write lock from its start, so that nothing else needs to be locked.</summary>
internal sealed class SqliteEngine : DatabaseEngine
{
    private const int BusyTimeoutMilliseconds = 10_000;
    private readonly string _connectionString;

    public SqliteEngine(string path)
    {
        Name = Path.GetFullPath(path);
        _connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = Name, ForeignKeys = true, DefaultTimeout = BusyTimeoutMilliseconds / 1000,
        }.ToString();
    }

    public override string Name { get; }

    public override string ForUpdate => "";

    public override string Now => "cast(round(unixepoch('subsec') * 1000) as integer)";

    public override string LockTable(string table) => "select 1";

    public override void Create()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Name) ?? ".");
        using var connection = new SqliteConnection(_connectionString);
        connection.Open();
        Execute(connection, "pragma journal_mode=wal");
    }

    public override async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(_connectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            Prepare(connection);
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
        using var connection = new SqliteConnection(_connectionString);
        connection.Open();
        Prepare(connection);
        // Holds the write lock around all that DbUp does: commands of this connection join its transaction.
        using var transaction = connection.BeginTransaction(deferred: false);
        // DbUp closes what it is given; the wrapper keeps the connection open.
        using var shared = new SharedConnection(connection);
        Check(DeployChanges.To
            .SqliteDatabase(shared)
            .WithScriptsEmbeddedInAssembly(assembly, name => name.StartsWith(scriptPrefix, StringComparison.Ordinal))
            .JournalToSqliteTable(journalTable)
            .WithVariablesDisabled().WithoutTransaction().LogToNowhere().Build().PerformUpgrade(), Name);
        transaction.Commit();
    }

    public override bool IsTransient(DbException failure) => failure is SqliteException sqlite && SqliteFailure.IsBusy(sqlite);

    public override bool IsEnvironment(DbException failure) => failure is SqliteException sqlite && SqliteFailure.IsEnvironment(sqlite);

    public override DataException Explain(Exception failure) => new(SqliteFailure.Describe(failure, Name), failure) { Origin = Name };

    private static void Prepare(SqliteConnection connection) =>
        Execute(connection, $"pragma busy_timeout={BusyTimeoutMilliseconds}; pragma synchronous=normal");

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
