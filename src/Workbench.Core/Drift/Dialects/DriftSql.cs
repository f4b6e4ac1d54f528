using System.Globalization;

namespace Workbench.Drift.Dialects;

/// <summary>
/// The aggregates that a drift report is made of, as SQL for an engine which Workbench does not read itself: run them there
/// and fetch a few thousand rows in place of the table. For Trino and Spark untested, see <see cref="SqlDialect"/>.
/// </summary>
/// <example><code>
/// string sql = DriftSql.Bins(SqlDialect.Trino, "hive.sales.orders", "price");
/// </code></example>
public static class DriftSql
{
    /// <summary>Largest shift of a bin: sign and exponent are left.</summary>
    public const int CoarsestShift = 52;

    /// <summary>
    /// One row: <c>n</c> rows, and for column i of <paramref name="columns"/> <c>ci_count</c> (not NULL), <c>ci_finite</c>,
    /// <c>ci_min</c>, <c>ci_max</c> and <c>ci_sum</c>, the last three of finite values. The columns are numbers.
    /// </summary>
    /// <param name="dialect">The engine.</param>
    /// <param name="relation">What stands behind FROM, written in that engine's SQL: it is not quoted here.</param>
    /// <param name="columns">Names of columns; quoted here.</param>
    public static string Summary(SqlDialect dialect, string relation, IReadOnlyList<string> columns)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(relation);
        var text = DialectText.Of(dialect);
        var parts = columns.SelectMany((column, i) =>
        {
            string value = Cast(text, text.Identifier(column)), finite = $"CASE WHEN abs({value}) < {text.Infinity} THEN {value} END";
            return new[] { $"count({text.Identifier(column)}) AS c{i}_count", $"count({finite}) AS c{i}_finite", $"min({finite}) AS c{i}_min", $"max({finite}) AS c{i}_max", $"sum({finite}) AS c{i}_sum" };
        });
        return $"SELECT {string.Join(",\n       ", parts.Prepend("count(*) AS n"))}\nFROM {relation}";
    }

    /// <summary>Rows of each value as text: <c>category, n</c>; NULL is a category of its own.</summary>
    /// <inheritdoc cref="Summary"/>
    public static string Categories(SqlDialect dialect, string relation, string column)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(relation);
        var text = DialectText.Of(dialect);
        return $"""
            SELECT CAST({text.Identifier(column)} AS {text.Text}) AS category, count(*) AS n
            FROM {relation}
            GROUP BY 1
            """;
    }

    /// <summary>
    /// Bins of a numeric column, the same on every engine, so that counts of several tables or engines can be added up:
    /// <c>bin, n, n_values, low_sum, low_variance, key_min, key_max</c>. A finite number's key is its 64 bits as a signed
    /// integer, those of a negative number with all bits but the sign flipped, which sorts as the numbers do; its bin is the
    /// key shifted right by <paramref name="shift"/>, and <c>low</c> is what falls off. The row whose bin is NULL counts NULL
    /// (<c>n - n_values</c>), NaN and infinities (<c>n_values</c>).
    /// </summary>
    /// <param name="dialect">The engine.</param>
    /// <param name="relation">What stands behind FROM, written in that engine's SQL: it is not quoted here.</param>
    /// <param name="column">A numeric column; quoted here.</param>
    /// <param name="shift">Bits that a bin leaves out, 0 to 52; with 42 a bin is a thousandth of its values wide.</param>
    public static string Bins(SqlDialect dialect, string relation, string column, int shift = 42)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(relation);
        var text = DialectText.Of(dialect);
        return Bins(text, relation, Cast(text, text.Identifier(column)), shift);
    }

    internal static string Bins(DialectText text, string relation, string value, int shift)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(shift);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(shift, CoarsestShift);
        long mask = (1L << shift) - 1;
        string low = text.And("k", mask);
        return string.Create(CultureInfo.InvariantCulture, $"""
            SELECT {text.ShiftRight("k", shift)} AS bin, count(*) AS n, count(x) AS n_values,
                   {text.Sum(low)} AS low_sum, var_pop(CAST({low} AS {text.Double})) AS low_variance, min(k) AS key_min, max(k) AS key_max
            FROM (
              SELECT x, CASE WHEN b >= 0 THEN b ELSE {text.Xor("b", DialectText.NotSign)} END AS k
              FROM (
                SELECT x, CASE WHEN abs(x) < {text.Infinity} THEN {text.Bits("x + 0.0")} END AS b
                FROM (SELECT {value} AS x FROM {relation}) numbers{text.Once}
              ) finite{text.Once}
            ) keys
            GROUP BY 1
            """);
    }

    private static string Cast(DialectText text, string column) => $"CAST({column} AS {text.Double})";
}
