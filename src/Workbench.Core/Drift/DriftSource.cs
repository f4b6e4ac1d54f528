using DuckDB.NET.Data;
using Microsoft.Data.Analysis;
using Workbench.Data;
using Workbench.Drift.Sources;

namespace Workbench.Drift;

/// <summary>
/// Rows to compare: files, tables and queries of DuckDB and PostgreSQL, frames, records and arrays. Nothing is read before the
/// comparison. A string is taken for <see cref="Parse"/>.
/// </summary>
/// <example><code>
/// DriftReport.Compare("churn/2024-*.parquet", "churn/2025-01.parquet");
/// DriftReport.Compare(DriftSource.Postgres(address, "orders_2024"), DriftSource.Postgres(address, "select * from orders where day >= '2025-01-01'"));
/// DriftReport.Compare(DriftSource.Rows(yesterday), DriftSource.Rows(today));
/// </code></example>
public sealed record DriftSource
{
    private readonly Func<string, CancellationToken, DriftInput> _open;

    private DriftSource(string name, Func<string, CancellationToken, DriftInput> open)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
        _open = open;
    }

    /// <summary>What the report calls the rows: the path, or the name given. Never holds a password.</summary>
    public string Name { get; }

    /// <summary>
    /// Files by path or glob, such as <c>churn/2024-*.parquet</c>: Parquet (<c>.parquet</c>), text with a header in line 1
    /// (<c>.csv</c>, <c>.tsv</c>, comma, semicolon, tab or bar) or JSON (<c>.jsonl</c>, <c>.ndjson</c>, <c>.json</c>), the
    /// latter two also with <c>.gz</c>. A folder means the Parquet files below it, or else the CSV files, or else the JSON
    /// files; what starts with a dot or underscore does not count. Files of one source are put together by their columns'
    /// names, folders named <c>KEY=VALUE</c> become columns. Text is read once: into memory, or from 256 MB on into a
    /// temporary Parquet file.
    /// </summary>
    public static DriftSource File(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return path.EndsWith(DriftProfile.Extension, StringComparison.OrdinalIgnoreCase) ? Profile(path) : new(path, DuckFiles.Open) { IsFile = true };
    }

    /// <summary>
    /// A profile that <see cref="DriftProfile.Save"/> wrote, in place of its rows; <see cref="File"/> takes a path that ends in
    /// <c>.wbprofile</c> for one. Statistics come with bounds, except of columns that the profile holds exactly.
    /// </summary>
    public static DriftSource Profile(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return new(path, (given, _) => ProfileInput.Open(given));
    }

    /// <summary>A profile in place of its rows.</summary>
    public static DriftSource Profile(DriftProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        return new(profile.Name, (given, _) => new ProfileInput(profile) { Name = given });
    }

    /// <summary>
    /// The rows of <paramref name="sql"/>, a SELECT, in the database of <paramref name="connection"/>, which must stay open
    /// while the rows are compared. It runs once a column and over further connections to the same database, which do not
    /// see temporary tables.
    /// </summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="sql">A SELECT that gives the same rows each time.</param>
    /// <param name="name">What the report calls the rows.</param>
    public static DriftSource Query(DuckDBConnection connection, string sql, string name = "query")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(sql);
        return new(name, (given, token) => DuckInput.OpenQuery(connection, sql, given, token));
    }

    /// <summary>
    /// A table, view or query of a DuckDB database file, which is opened read-only. DuckDB refuses a file that another process
    /// has open for writing; the error says so.
    /// </summary>
    /// <param name="path">The database file.</param>
    /// <param name="tableOrQuery">Name of a table or view, with its schema where that is not <c>main</c>; or a SELECT.</param>
    public static DriftSource DuckDb(string path, string tableOrQuery)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentException.ThrowIfNullOrWhiteSpace(tableOrQuery);
        return new($"{path}#{tableOrQuery.Trim()}", (given, token) => DuckDatabase.Open(path, tableOrQuery.Trim(), given, token));
    }

    /// <summary>
    /// A table, view or query of a PostgreSQL database. The server counts (rows, nulls, categories, bins); rows leave it only
    /// for exact tests of numbers, a column at a time, and once where texts, embeddings, chunks, seasons, causes, quality or columns
    /// together ask for rows: then those columns are copied into a temporary file. All columns are read from one snapshot, in read-only transactions.
    /// </summary>
    /// <param name="address">The database.</param>
    /// <param name="tableOrQuery">Name of a table or view, with its schema where that is not on the search path; or a SELECT.</param>
    /// <param name="name">What the report calls the rows; null means the table or query with the database.</param>
    /// <exception cref="ArgumentException">The address is not a PostgreSQL server's.</exception>
    public static DriftSource Postgres(DatabaseAddress address, string tableOrQuery, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentException.ThrowIfNullOrWhiteSpace(tableOrQuery);
        if (!address.IsPostgres)
            throw new ArgumentException($"'{address.Display}' is no PostgreSQL database. Write Host=...;Database=...;Username=..., or read a file with {nameof(File)}.", nameof(address));
        return new(name ?? $"{tableOrQuery.Trim()} of {address.Display}", (given, token) => PostgresInput.Open(address, tableOrQuery.Trim(), given, token));
    }

    /// <summary>The rows of a frame, which must not change while they are compared.</summary>
    public static DriftSource Frame(DataFrame frame, string name = "frame")
    {
        ArgumentNullException.ThrowIfNull(frame);
        return new(name, (given, token) => DuckMemory.Open(given, session => session.Register(DuckMemory.Table, frame), token));
    }

    /// <summary>Records: a column for each public property of <typeparamref name="T"/>; read once, when they are compared.</summary>
    public static DriftSource Rows<T>(IEnumerable<T> rows, string name = "rows")
    {
        ArgumentNullException.ThrowIfNull(rows);
        return new(name, (given, token) => DuckMemory.Open(given, session => session.Register(DuckMemory.Table, rows), token));
    }

    /// <summary>Columns in memory, by name: arrays of numbers, texts, booleans or times, nullable or not, of one length.</summary>
    /// <exception cref="ArgumentException">There is no column, or one is longer than another.</exception>
    public static DriftSource Columns(IReadOnlyDictionary<string, Array> columns, string name = "columns")
    {
        ArgumentNullException.ThrowIfNull(columns);
        if (columns.Count == 0)
            throw new ArgumentException("There are no columns. Give at least one.", nameof(columns));
        var (first, values) = columns.First();
        if (columns.FirstOrDefault(column => column.Value.Length != values.Length) is { Key: { } other, Value: var others })
            throw new ArgumentException($"Column '{other}' has {others.Length} values, column '{first}' has {values.Length}. Columns of one source need equally many.", nameof(columns));
        return new(name, (given, token) => DuckMemory.Open(given, session => DuckMemory.Register(session, columns, values.Length), token));
    }

    /// <summary>
    /// A source by text, as on the command line: a file, glob or folder; <c>FILE.duckdb#TABLE</c>;
    /// <c>postgres://USER@HOST:PORT/DATABASE#TABLE</c>, <c>Host=...;Database=...#TABLE</c>, or <c>env:NAME#TABLE</c>, where the
    /// environment variable NAME holds such an address with its password. In place of TABLE a SELECT may stand.
    /// </summary>
    /// <exception cref="DataException">The text names a database but no table, or the address cannot be read; says what is allowed and repeats no password.</exception>
    public static DriftSource Parse(string text) => SourceText.Parse(text);

    /// <summary>Same as <see cref="Parse"/>.</summary>
    public static implicit operator DriftSource(string text) => Parse(text);

    /// <summary>A source of this product that opens itself.</summary>
    internal static DriftSource Of(string name, Func<string, CancellationToken, DriftInput> open) => new(name, open);

    /// <summary>True for files, which can be opened while other sources are.</summary>
    internal bool IsFile { get; private init; }

    internal DriftInput Open(CancellationToken cancellationToken = default) => _open(Name, cancellationToken);

    /// <summary>Opens it for what reads rows: all columns are copied where they can be read one by one only from a copy.</summary>
    internal DriftInput OpenRows(CancellationToken cancellationToken)
    {
        var input = Open(cancellationToken);
        if (!input.NeedsCopy)
            return input;
        using (input)
            return input.Copy([.. input.Columns.Select(column => column.Name)], MemoryPlan.DefaultBytes / 4, cancellationToken);
    }
}
