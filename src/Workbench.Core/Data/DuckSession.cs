using DuckDB.NET.Data;
using Microsoft.Data.Analysis;

namespace Workbench.Data;

/// <summary>
/// A private in-memory DuckDB for SQL over files, frames and rows. Nothing is installed or downloaded, time zone is UTC.
/// For one thread at a time; several sessions may read the same files.
/// </summary>
/// <example><code>
/// using var session = DuckSession.Open();
/// var months = session.Query("SELECT plan, avg(churned) AS rate FROM 'data/samples/churn/*.parquet' GROUP BY plan");
/// </code></example>
public sealed class DuckSession : IDisposable
{
    private CancellationToken _cancellation;
    private volatile DuckDBCommand? _running;

    private DuckSession(DuckDBConnection connection) => Connection = connection;

    /// <summary>The open connection, for what this class does not offer. A reader left open on it blocks the session.</summary>
    public DuckDBConnection Connection { get; }

    /// <summary>Opens an empty database.</summary>
    public static DuckSession Open()
    {
        var session = new DuckSession(new DuckDBConnection("DataSource=:memory:"));
        session.Connection.Open();
        // Without a folder of its own an in-memory database spills into the current directory.
        string spill = Path.Combine(ScratchFolder.OfProcess, "duckdb");
        session.Execute($"SET autoinstall_known_extensions = false; SET TimeZone = 'UTC'; SET temp_directory = {Literal(spill)}");
        return session;
    }

    /// <summary>
    /// Runs SQL and returns the last result as a frame, one typed column each. HUGEINT (what sum makes of integers)
    /// becomes Int64, DATE DateTime; TIME, INTERVAL, UUID, ENUM become text.
    /// </summary>
    /// <param name="sql">One or several statements; parameters stand as <c>$name</c>.</param>
    /// <param name="parameters">Values by name, with or without the <c>$</c>.</param>
    /// <exception cref="DataException">DuckDB refuses the SQL, or a column has a type that a frame cannot hold.</exception>
    public DataFrame Query(string sql, params (string Name, object? Value)[] parameters) =>
        Run(sql, parameters, command => ReadLast(command, DuckFrame.Read));

    /// <summary>
    /// Runs SQL and maps each row of the last result to <typeparamref name="T"/>: a record or class (constructor parameters
    /// and settable properties by column name, ignoring case and underscores), a tuple (by position), or a plain value (first column).
    /// </summary>
    /// <exception cref="DataException">DuckDB refuses the SQL; a member has no column; a NULL or a value does not fit its member.</exception>
    public IReadOnlyList<T> Query<T>(string sql, params (string Name, object? Value)[] parameters) =>
        Run(sql, parameters, command => ReadLast(command, DuckRows.Read<T>));

    /// <summary>The first column of the first row; null (or <c>default</c>) when it is NULL or there is no row.</summary>
    /// <exception cref="DataException">DuckDB refuses the SQL, or the value does not fit <typeparamref name="T"/>.</exception>
    public T? Scalar<T>(string sql, params (string Name, object? Value)[] parameters) =>
        Run(sql, parameters, command => DuckRows.Scalar<T>(command.ExecuteScalar()));

    /// <summary>Runs statements for their effect.</summary>
    /// <exception cref="DataException">DuckDB refuses the SQL.</exception>
    public void Execute(string sql, params (string Name, object? Value)[] parameters) =>
        Run(sql, parameters, command => command.ExecuteNonQuery());

    /// <summary>Makes, or replaces, the table <paramref name="name"/> with the frame's columns and rows.</summary>
    /// <exception cref="DataException">A column's type has no counterpart in DuckDB.</exception>
    public void Register(string name, DataFrame frame) => DuckTable.Create(this, name, DuckTable.Columns(frame), frame.Rows.Count);

    /// <summary>Makes, or replaces, the table <paramref name="name"/> with a column for each public property of <typeparamref name="T"/>.</summary>
    /// <exception cref="DataException">A property's type has no counterpart in DuckDB.</exception>
    public void Register<T>(string name, IEnumerable<T> rows)
    {
        var list = rows as IReadOnlyList<T> ?? [.. rows];
        DuckTable.Create(this, name, DuckTable.Columns(list), list.Count);
    }

    /// <summary>
    /// Until the returned object is disposed, cancelling the token interrupts the running query, which then throws
    /// <see cref="OperationCanceledException"/>, and no new one starts.
    /// </summary>
    public IDisposable CancelOn(CancellationToken cancellationToken)
    {
        var before = _cancellation;
        _cancellation = cancellationToken;
        var registration = cancellationToken.Register(() => _running?.Cancel());
        return new Cancellation(() =>
        {
            registration.Dispose();
            _cancellation = before;
        });
    }

    /// <summary>Quotes a name of a table or column for use in SQL.</summary>
    public static string Identifier(string name) => $"\"{name.Replace("\"", "\"\"")}\"";

    /// <summary>Quotes a text for use in SQL where no parameter may stand, such as a file's name.</summary>
    public static string Literal(string text) => $"'{text.Replace("'", "''")}'";

    /// <inheritdoc/>
    public void Dispose() => Connection.Dispose();

    /// <summary>For the readers of this area: runs a command under the session's rules for errors and cancellation.</summary>
    internal T Run<T>(string sql, (string Name, object? Value)[] parameters, Func<DuckDBCommand, T> use)
    {
        using var command = Connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
            command.Parameters.Add(new DuckDBParameter(name.TrimStart('$'), value ?? DBNull.Value));
        _running = command;
        try
        {
            _cancellation.ThrowIfCancellationRequested();
            return use(command);
        }
        catch (DuckDBException failure) when (_cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException("The DuckDB query was cancelled.", failure, _cancellation);
        }
        catch (Exception failure) when (failure is DuckDBException or InvalidOperationException)
        {
            throw DuckFailure.Explain(failure, parameters);
        }
        finally
        {
            _running = null;
        }
    }

    private static T ReadLast<T>(DuckDBCommand command, Func<DuckDBDataReader, T> read)
    {
        using var reader = command.ExecuteReader();
        T result;
        do
            result = read(reader);
        while (reader.NextResult());
        return result;
    }

    private sealed class Cancellation(Action end) : IDisposable
    {
        private Action? _end = end;

        public void Dispose() => Interlocked.Exchange(ref _end, null)?.Invoke();
    }
}
