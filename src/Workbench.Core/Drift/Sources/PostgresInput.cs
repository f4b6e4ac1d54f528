using Npgsql;
using Workbench.Data;

namespace Workbench.Drift.Sources;

/// <summary>
/// A side that PostgreSQL aggregates. All readers see the snapshot that was taken when it was opened: read-only transactions,
/// each on a connection of its own.
/// </summary>
internal sealed class PostgresInput : DriftInput
{
    private readonly NpgsqlDataSource _server;
    private readonly NpgsqlConnection _leader;
    private readonly string _snapshot;
    private readonly PostgresProblem _problem;

    private PostgresInput(NpgsqlDataSource server, NpgsqlConnection leader, PostgresProblem problem, string tableOrQuery, CancellationToken cancellationToken)
    {
        (_server, _leader, _problem) = (server, leader, problem);
        Execute(leader, "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
        Prepare(leader);
        _snapshot = (string)Scalar(leader, "SELECT pg_export_snapshot()", cancellationToken);
        Relation = PostgresCatalog.Relation(leader, problem.Database, tableOrQuery);
        Columns = PostgresCatalog.Columns(leader, Relation, problem.Source);
        Rows = (long)Scalar(leader, $"SELECT count(*) FROM {Relation}", cancellationToken);
    }

    /// <summary>What stands behind FROM.</summary>
    public string Relation { get; }
    public override IReadOnlyList<TableColumn> Columns { get; }
    public override long Rows { get; }

    public static PostgresInput Open(DatabaseAddress address, string tableOrQuery, string name, CancellationToken cancellationToken)
    {
        var settings = new NpgsqlConnectionStringBuilder(address.Text);
        // Scans of large tables take long; what ends them early is the caller's token.
        if (!settings.ContainsKey("Command Timeout"))
            settings.CommandTimeout = 0;
        if (!settings.ContainsKey("Application Name"))
            settings.ApplicationName = "workbench";
        var problem = new PostgresProblem(name, address.Display, settings);
        var server = NpgsqlDataSource.Create(settings);
        try
        {
            return problem.Translate(() => new PostgresInput(server, server.OpenConnection(), problem, tableOrQuery, cancellationToken) { Name = name }, cancellationToken);
        }
        catch
        {
            server.Dispose(); // with the connections it opened
            throw;
        }
    }

    public override ColumnReader Connect() => _problem.Translate(() => new PostgresReader(this, Follow(), _problem), CancellationToken.None);

    public override bool NeedsCopy => true;

    public override DuckInput Copy(IReadOnlyCollection<string> columns, long memoryBytes, CancellationToken cancellationToken) => _problem.Translate(() =>
    {
        using var connection = Follow();
        // Chunks by number of rows are in the order of the table.
        Execute(connection, "SET LOCAL synchronize_seqscans = off; SET LOCAL max_parallel_workers_per_gather = 0");
        return PostgresTransfer.Run(connection, Relation, [.. Columns.Where(column => columns.Contains(column.Name))], Name, memoryBytes, cancellationToken);
    }, cancellationToken);

    public string Type(string column) => Columns.First(one => one.Name == column).Type;

    public override void Dispose()
    {
        _leader.Dispose();
        _server.Dispose();
    }

    // A further connection that sees the same snapshot.
    private NpgsqlConnection Follow()
    {
        var connection = _server.OpenConnection();
        try
        {
            Execute(connection, "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
            // The name comes from the server.
            Execute(connection, $"SET TRANSACTION SNAPSHOT {DuckSession.Literal(_snapshot)}");
            Prepare(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    // Values as text must look the same whatever the server is set to.
    private static void Prepare(NpgsqlConnection connection) =>
        Execute(connection, "SET LOCAL TIME ZONE 'UTC'; SET LOCAL datestyle = 'ISO'; SET LOCAL intervalstyle = 'postgres'; SET LOCAL extra_float_digits = 1; SET LOCAL statement_timeout = 0");

    private static void Execute(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    private static object Scalar(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        using var command = new NpgsqlCommand(sql, connection);
        using var cancel = cancellationToken.Register(command.Cancel);
        return command.ExecuteScalar()!; // each of these gives a value
    }
}
