using DuckDB.NET.Data;
using Workbench.Data;
using Workbench.Drift.Categorical;
using Workbench.Drift.Numeric;
using Workbench.Drift.Sketches;

namespace Workbench.Drift.Sources;

/// <summary>Reads columns through a connection of its own.</summary>
internal sealed class DuckReader(DuckInput input, DuckDBConnection connection) : ColumnReader
{
    public override NumericColumn Numbers(string column, CancellationToken cancellationToken) => Read(
        cancellationToken, () =>
        {
            var values = new NumericColumnBuilder(input.Rows);
            DuckVectorStream.Read(
                connection, $"SELECT {DuckSession.Identifier(column)}::DOUBLE FROM {input.Relation}",
                vectors => values.Add(vectors.Values<double>(0), vectors.Validity(0)), cancellationToken);
            return values.Build();
        }, column);

    public override CategoryColumn Categories(string column, CancellationToken cancellationToken) => Read(cancellationToken, () =>
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        long nulls = 0;
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {DuckSession.Identifier(column)}::VARCHAR, count(*) FROM {input.Relation} GROUP BY 1";
        using var cancel = cancellationToken.Register(command.Cancel);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (reader.IsDBNull(0))
                nulls += reader.GetInt64(1);
            else
                counts.Add(reader.GetString(0), reader.GetInt64(1));
        }
        return new CategoryColumn(counts, nulls);
    });

    public override IReadOnlyList<NumericSketch> Sketch(IReadOnlyList<string> columns, CancellationToken cancellationToken) => Read(cancellationToken, () =>
    {
        var sketches = columns.Select(_ => new NumericSketchBuilder()).ToArray();
        DuckVectorStream.Read(
            connection, $"SELECT {string.Join(", ", columns.Select(column => $"{DuckSession.Identifier(column)}::DOUBLE"))} FROM {input.Relation}",
            vectors =>
            {
                for (int i = 0; i < sketches.Length; i++)
                    sketches[i].Add(vectors.Values<double>(i), vectors.Validity(i));
            }, cancellationToken);
        return sketches.Select(sketch => sketch.Build()).ToList();
    });

    public override NumericColumn NumbersIn(string column, IReadOnlyList<(double Low, double High)> ranges, CancellationToken cancellationToken) => Read(cancellationToken, () =>
    {
        var values = new RangeFilter(ranges);
        DuckVectorStream.Read(
            connection, $"SELECT {DuckSession.Identifier(column)}::DOUBLE FROM {input.Relation}",
            vectors => values.Add(vectors.Values<double>(0), vectors.Validity(0)), cancellationToken);
        return values.Build();
    });

    public override CategorySketch SketchCategories(string column, CancellationToken cancellationToken) => Read(cancellationToken, () =>
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        long nulls = 0;
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            SELECT {DuckSession.Identifier(column)}::VARCHAR AS category, count(*) AS n FROM {input.Relation}
            GROUP BY 1 ORDER BY category IS NULL DESC, n DESC, category LIMIT {CategorySketch.MaxCategories + 2}
            """;
        using var cancel = cancellationToken.Register(command.Cancel);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (reader.IsDBNull(0))
                nulls = reader.GetInt64(1);
            else
                counts.Add(reader.GetString(0), reader.GetInt64(1));
        }
        return CategorySketch.Of(counts, nulls, counts.Count <= CategorySketch.MaxCategories ? 0 : input.Rows - nulls - counts.Values.Sum());
    });

    public override void Numbers(string column, string? time, NumberRows onRows, CancellationToken cancellationToken) => Read(cancellationToken, () =>
    {
        DuckVectorStream.Read(
            connection, $"SELECT {DuckSession.Identifier(column)}::DOUBLE{BesideTime(time)} FROM {input.Relation}",
            vectors => onRows(vectors.Values<double>(0), vectors.Validity(0), time is null ? [] : vectors.Values<long>(1)), cancellationToken);
        return true;
    });

    public override IReadOnlyList<string> Codes(string column, string? time, CodeRows onRows, CancellationToken cancellationToken) => Read(cancellationToken, () =>
    {
        var codes = new TextCodes();
        DuckVectorStream.Read(
            connection, $"SELECT {DuckSession.Identifier(column)}::VARCHAR{BesideTime(time)} FROM {input.Relation}",
            vectors => onRows(codes.Of(vectors.Values<DuckText>(0), vectors.Validity(0)), time is null ? [] : vectors.Values<long>(1)), cancellationToken);
        return codes.Names;
    });

    public override void Times(string time, TimeRows onRows, CancellationToken cancellationToken) => Read(cancellationToken, () =>
    {
        DuckVectorStream.Read(connection, $"SELECT {Microseconds(time)} FROM {input.Relation}", vectors => onRows(vectors.Values<long>(0)), cancellationToken);
        return true;
    });

    public override long Count(string column, CancellationToken cancellationToken) => Scalar($"count({DuckSession.Identifier(column)})", cancellationToken);

    public override long Distinct(string column, CancellationToken cancellationToken) => Scalar($"count(DISTINCT {DuckSession.Identifier(column)})", cancellationToken);

    public override bool CanReadRows => true;

    public override void Rows(IReadOnlyList<RowColumn> columns, long? limit, Action<RowChunk> onChunk, CancellationToken cancellationToken) => Read(cancellationToken, () =>
    {
        string list = string.Join(", ", columns.Select(column => $"{DuckSession.Identifier(column.Name)}::{SqlType(column.Type)}"));
        var chunk = new DuckRowChunk(columns);
        DuckVectorStream.Read(
            connection, $"SELECT {list} FROM {input.Relation}{(limit is { } rows ? $" LIMIT {rows}" : "")}",
            vectors =>
            {
                chunk.Load(vectors);
                onChunk(chunk);
            }, cancellationToken);
        return true;
    });

    public override IReadOnlyList<string> Samples(string column, int count, CancellationToken cancellationToken) => Read(cancellationToken, () =>
    {
        string name = DuckSession.Identifier(column);
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {name}::VARCHAR FROM {input.Relation} WHERE {name} IS NOT NULL LIMIT {count}";
        using var cancel = cancellationToken.Register(command.Cancel);
        using var reader = command.ExecuteReader();
        var values = new List<string>();
        while (reader.Read())
            values.Add(reader.GetString(0));
        return values;
    });

    public override TextNumbers TextNumbers(string column, CancellationToken cancellationToken) => Read(cancellationToken, () =>
    {
        string name = DuckSession.Identifier(column);
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            SELECT count({name}), count(TRY_CAST({name} AS DOUBLE)), min({name}) FILTER (TRY_CAST({name} AS DOUBLE) IS NULL)
            FROM {input.Relation}
            """;
        using var cancel = cancellationToken.Register(command.Cancel);
        using var reader = command.ExecuteReader();
        reader.Read(); // an aggregate always gives a row
        return new TextNumbers(reader.GetInt64(0), reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetString(2));
    });

    public override void Dispose() => connection.Dispose();

    private string BesideTime(string? time) => time is null ? "" : ", " + Microseconds(time);

    // A time without a zone is taken as UTC.
    private string Microseconds(string time)
    {
        string column = DuckSession.Identifier(time), type = input.Columns.First(one => one.Name == time).Type;
        string moment = type switch
        {
            "TIMESTAMP WITH TIME ZONE" => column,
            "VARCHAR" => $"TRY_CAST({column} AS TIMESTAMPTZ)", // text may name its zone
            _ => $"TRY_CAST({column} AS TIMESTAMP)",
        };
        if (type == "VARCHAR")
            UseUtc();
        return $"coalesce(CASE WHEN isfinite({moment}) THEN epoch_us({moment}) END, CAST('{NoTime}' AS BIGINT))";
    }

    // For this connection alone.
    private void UseUtc()
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SET SESSION TimeZone = 'UTC'";
        command.ExecuteNonQuery();
    }

    private static string SqlType(RowType type) => type switch
    {
        RowType.Number => "DOUBLE",
        RowType.Text => "VARCHAR",
        _ => "DOUBLE[]",
    };

    private long Scalar(string aggregate, CancellationToken cancellationToken) => Read(cancellationToken, () =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {aggregate} FROM {input.Relation}";
        using var cancel = cancellationToken.Register(command.Cancel);
        return (long)command.ExecuteScalar()!; // an aggregate always gives a row
    });

    private T Read<T>(CancellationToken cancellationToken, Func<T> read, string? column = null) => DuckInput.Translate(input.Name, cancellationToken, read, column);
}
