using System.Globalization;
using Npgsql;
using Workbench.Data;
using Workbench.Drift.Categorical;
using Workbench.Drift.Dialects;
using Workbench.Drift.Numeric;
using Workbench.Drift.Sketches;

namespace Workbench.Drift.Sources;

/// <summary>Lets PostgreSQL count; rows come over only for <see cref="Numbers"/> and <see cref="NumbersIn"/>, a column at a time.</summary>
internal sealed class PostgresReader(PostgresInput input, NpgsqlConnection connection, PostgresProblem problem) : ColumnReader
{
    private static readonly DialectText Dialect = DialectText.Of(SqlDialect.Postgres);
    // A number as float8 reads it from text, C's names of NaN and infinity included.
    private const string NumberPattern = @"^\s*([+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|NaN|[+-]?inf(inity)?)\s*$";

    public override NumericColumn Numbers(string column, CancellationToken cancellationToken) => problem.Translate(
        () =>
        {
            var values = new NumericColumnBuilder(input.Rows);
            PostgresCopy.Read(connection, $"SELECT {Number(column)} FROM {input.Relation}", values.Add, cancellationToken);
            return values.Build();
        }, cancellationToken, column);

    public override CategoryColumn Categories(string column, CancellationToken cancellationToken)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        long nulls = 0;
        string value = Category(column);
        Read(column, $"SELECT {value}, count(*) FROM {input.Relation} GROUP BY 1", reader =>
        {
            if (reader.IsDBNull(0))
                nulls += reader.GetInt64(1);
            else
                counts.Add(CategoryText(reader), reader.GetInt64(1));
        }, cancellationToken);
        return new(counts, nulls);
    }

    public override IReadOnlyList<NumericSketch> Sketch(IReadOnlyList<string> columns, CancellationToken cancellationToken) =>
        columns.Select(column => SqlSketch.Read(shift => Bins(column, shift, cancellationToken))).ToList();

    public override NumericColumn NumbersIn(string column, IReadOnlyList<(double Low, double High)> ranges, CancellationToken cancellationToken) => problem.Translate(
        () =>
        {
            // The last range that begins at or below the value, found by the server's binary search; before the first there is none.
            string inRange = $"x <= ({Array(ranges.Select(range => range.High))})[width_bucket(x, {Array(ranges.Select(range => range.Low))})]";
            var values = new NumericColumnBuilder(0);
            PostgresCopy.Read(connection, $"SELECT x FROM (SELECT {Number(column)} AS x FROM {input.Relation}) AS numbers WHERE {inRange}", values.Add, cancellationToken);
            return values.Build();
        }, cancellationToken, column);

    public override CategorySketch SketchCategories(string column, CancellationToken cancellationToken)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        long nulls = 0;
        string sql = $"""
            SELECT category, n
            FROM (SELECT {Category(column)} AS category, count(*) AS n FROM {input.Relation} GROUP BY 1) AS categories
            ORDER BY category IS NULL DESC, n DESC, category::text COLLATE "C"
            LIMIT {CategorySketch.MaxCategories + 2}
            """;
        Read(column, sql, reader =>
        {
            if (reader.IsDBNull(0))
                nulls += reader.GetInt64(1);
            else
                counts.Add(CategoryText(reader), reader.GetInt64(1));
        }, cancellationToken);
        return CategorySketch.Of(counts, nulls, counts.Count <= CategorySketch.MaxCategories ? 0 : input.Rows - nulls - counts.Values.Sum());
    }

    public override long Count(string column, CancellationToken cancellationToken) =>
        Scalar(column, $"SELECT count({Name(column)}) FROM {input.Relation}", cancellationToken);

    // Grouping hashes, where count(DISTINCT) sorts.
    public override long Distinct(string column, CancellationToken cancellationToken) =>
        Scalar(column, $"SELECT count(value) FROM (SELECT {Category(column)} AS value FROM {input.Relation} GROUP BY 1) AS distinct_values", cancellationToken);

    public override IReadOnlyList<string> Samples(string column, int count, CancellationToken cancellationToken)
    {
        var values = new List<string>();
        Read(column, $"SELECT {Category(column)} FROM {input.Relation} WHERE {Name(column)} IS NOT NULL LIMIT {count}", reader => values.Add(CategoryText(reader)), cancellationToken);
        return values;
    }

    public override TextNumbers TextNumbers(string column, CancellationToken cancellationToken)
    {
        TextNumbers? found = null;
        string value = Category(column), isNumber = $"{value} ~* '{NumberPattern}'";
        Read(column, $"SELECT count({value}), count(*) FILTER (WHERE {isNumber}), min({value} COLLATE \"C\") FILTER (WHERE NOT {isNumber}) FROM {input.Relation}",
            reader => found = new(reader.GetInt64(0), reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetString(2)), cancellationToken);
        return found!; // an aggregate always gives a row
    }

    public override void Dispose() => connection.Dispose();

    private SqlSketch.Answer Bins(string column, int shift, CancellationToken cancellationToken)
    {
        var bins = new List<SqlSketch.Bin>();
        long nulls = 0, notFinite = 0;
        Read(column, DriftSql.Bins(Dialect, input.Relation, Number(column), shift), reader =>
        {
            long rows = reader.GetInt64(1), values = reader.GetInt64(2);
            if (reader.IsDBNull(0))
                (nulls, notFinite) = (rows - values, values);
            else
                bins.Add(new(rows, (double)reader.GetDecimal(3), reader.GetDouble(4), reader.GetInt64(5), reader.GetInt64(6)));
        }, cancellationToken);
        return new(bins, nulls, notFinite);
    }

    private static string Array(IEnumerable<double> values) => $"'{{{string.Join(',', values.Select(value => value.ToString("R", CultureInfo.InvariantCulture)))}}}'::float8[]";

    private static string Name(string column) => DuckSession.Identifier(column);

    // A boolean has no cast to float8.
    private string Number(string column) => input.Type(column) == PostgresTypes.Boolean ? $"{Name(column)}::int::float8" : $"{Name(column)}::float8";

    private string Category(string column) => input.Type(column) is PostgresTypes.Float or PostgresTypes.Double ? Name(column) : $"{Name(column)}::text";

    // Floating numbers as DuckDB writes them; PostgreSQL writes 1 where DuckDB writes 1.0.
    private static string CategoryText(NpgsqlDataReader reader) => reader.GetValue(0) switch
    {
        double value => DuckNumberText.Of(value),
        float value => DuckNumberText.Of(value),
        var text => (string)text,
    };

    private long Scalar(string column, string sql, CancellationToken cancellationToken)
    {
        long value = 0;
        Read(column, sql, reader => value = reader.GetInt64(0), cancellationToken);
        return value;
    }

    private void Read(string column, string sql, Action<NpgsqlDataReader> onRow, CancellationToken cancellationToken) => problem.Translate(
        () =>
        {
            using var command = new NpgsqlCommand(sql, connection);
            using var cancel = cancellationToken.Register(command.Cancel);
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                cancellationToken.ThrowIfCancellationRequested();
                onRow(reader);
            }
            return true;
        }, cancellationToken, column);
}
