using DuckDB.NET.Data;
using Workbench.Data;

namespace Workbench.Drift.Sources;

/// <summary>A side that DuckDB reads: files, or a query of an open connection.</summary>
internal sealed class DuckInput : DriftInput
{
    private readonly DuckDBConnection _database;
    private readonly bool _isOwner;

    private DuckInput(DuckDBConnection database, bool isOwner, string relation)
    {
        Relation = relation;
        _database = database;
        _isOwner = isOwner;
        Columns = Read("DESCRIBE SELECT * FROM " + relation, reader => (reader.GetString(0), reader.GetString(1)));
        Rows = Read("SELECT count(*) FROM " + relation, reader => reader.GetInt64(0))[0];
    }

    /// <summary>What stands behind FROM.</summary>
    public string Relation { get; }
    public override IReadOnlyList<(string Name, string Type)> Columns { get; }
    public override long Rows { get; }

    public static DuckInput OpenFiles(string path)
    {
        string pattern = Directory.Exists(path) ? Path.Combine(path, "**", "*.parquet") : path;
        var database = new DuckDBConnection("DataSource=:memory:");
        try
        {
            database.Open();
            Execute(database, "SET autoinstall_known_extensions = false; SET preserve_insertion_order = false");
            return Translate(path, () => new DuckInput(database, true, Relate(database, path, pattern)) { Name = path });
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    public static DuckInput OpenQuery(DuckDBConnection connection, string sql, string name) =>
        Translate(name, () => new DuckInput(connection, false, $"({sql.Trim().TrimEnd(';')})") { Name = name });

    public override ColumnReader Connect() => new DuckReader(this, Duplicate());

    public override void LimitMemory(long bytes)
    {
        if (_isOwner)
            Execute(_database, $"SET memory_limit = '{bytes >> 20}MiB'");
    }

    /// <summary>A further connection to the same database; the caller disposes it.</summary>
    public DuckDBConnection Duplicate()
    {
        var connection = _database.DataSource is ":memory:" ? _database.Duplicate() : new DuckDBConnection(_database.ConnectionString);
        if (connection.State != System.Data.ConnectionState.Open)
            connection.Open();
        return connection;
    }

    /// <summary>Runs a reading of this side; DuckDB's own failures come out as <see cref="DataException"/> with the side's name.</summary>
    public static T Translate<T>(string name, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (DuckDBException failure)
        {
            throw new DataException($"Cannot read '{name}': {failure.Message.ReplaceLineEndings(" ").Trim()}", failure) { Origin = name };
        }
    }

    public override void Dispose()
    {
        if (_isOwner)
            _database.Dispose();
    }

    private static string Relate(DuckDBConnection database, string path, string pattern)
    {
        if (Scalar(database, $"SELECT count(*) FROM glob({DuckSession.Literal(pattern)})") == 0)
            throw new DataException($"No file matches '{pattern}'. Give a Parquet or CSV file, a glob such as data/2024-*.parquet, or a folder of Parquet files.") { Origin = path };
        switch (Extension(pattern))
        {
            case ".parquet":
                // The workers are the parallelism: each scans its own columns with its own thread, and all read the same footers.
                Execute(database, "SET threads = 1; SET parquet_metadata_cache = true");
                return $"read_parquet({DuckSession.Literal(pattern)}, union_by_name = true)";
            case ".csv" or ".tsv":
                // Chunks by number of rows take the rows as they stand in the file.
                Execute(database, "SET preserve_insertion_order = true");
                Execute(database, $"CREATE TABLE source AS SELECT * FROM read_csv({DuckSession.Literal(pattern)}, union_by_name = true)");
                Execute(database, "SET threads = 1");
                return "source";
            case var other:
                throw new DataException($"'{path}' ends in '{other}', which is no known format. Known: .parquet, .csv, .tsv, .csv.gz, .tsv.gz.") { Origin = path };
        }
    }

    private static string Extension(string pattern)
    {
        string name = pattern.ToLowerInvariant();
        return Path.GetExtension(name.EndsWith(".gz", StringComparison.Ordinal) ? name[..^3] : name);
    }

    private static void Execute(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static long Scalar(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }

    private List<T> Read<T>(string sql, Func<DuckDBDataReader, T> row)
    {
        // A session's own connection may have a reader open, which a second command would break.
        using var connection = Duplicate();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(row(reader));
        return rows;
    }
}
