using System.Globalization;
using DuckDB.NET.Data;
using Workbench.Data;
using Workbench.Drift.Sources;

namespace Workbench.Drift.Causes;

/// <summary>Reads rows as cells and quantities.</summary>
internal static class CauseReader
{
    private const int SampleRows = 100_000;
    private const int ListedCategories = 20;
    // A column with more values than this, most of them different, names rows.
    private const int IdDistinct = 50;

    /// <summary>Takes a chunk: cells[column][row] and values[quantity][row], NaN where a row has none.</summary>
    public delegate void RowsAction(int[][] cells, double[][] values, int rows);

    public static DuckInput Require(DriftInput input) => input as DuckInput
        ?? throw new DataException($"Causes cannot be looked for in '{input.Name}': it is a profile, and only rows can be searched. Compare with the rows themselves, or leave Causes out.") { Origin = input.Name };

    /// <summary>Reference rows, at most 100,000 of them, the same ones each time: the finite values of numeric columns.</summary>
    public static IReadOnlyList<double[]> Sample(DuckInput reference, IReadOnlyList<string> columns, CancellationToken cancellationToken)
    {
        var values = columns.Select(_ => new List<double>()).ToList();
        using var connection = reference.Duplicate();
        string sql = $"SELECT {string.Join(", ", columns.Select(Double))} FROM {reference.Relation} USING SAMPLE reservoir({SampleRows} ROWS) REPEATABLE (42)";
        DuckInput.Translate(reference.Name, () =>
        {
            DuckVectorStream.Read(connection, sql, vectors =>
            {
                for (int column = 0; column < columns.Count; column++)
                {
                    var numbers = vectors.Values<double>(column);
                    var validity = vectors.Validity(column);
                    for (int row = 0; row < numbers.Length; row++)
                        if (IsValid(validity, row) && double.IsFinite(numbers[row]))
                            values[column].Add(numbers[row] + 0.0);
                }
            }, cancellationToken);
            return 0;
        });
        return values.Select(list => list.ToArray()).ToList();
    }

    /// <summary>The most frequent values of a column; null when most values are different: the column names rows.</summary>
    public static IReadOnlyList<string>? Categories(DuckInput reference, DuckInput current, string column, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        foreach (var input in new[] { reference, current })
        {
            using var connection = input.Duplicate();
            var counts = DuckInput.Translate(input.Name, () => Query(connection, $"""
                WITH counts AS (SELECT {DuckSession.Identifier(column)}::VARCHAR AS value, count(*) AS n FROM {input.Relation} GROUP BY 1)
                SELECT value, (SELECT count(value) FROM counts)::BIGINT, (SELECT coalesce(sum(n), 0) FROM counts WHERE value IS NOT NULL)::BIGINT
                FROM counts WHERE value IS NOT NULL ORDER BY n DESC, value LIMIT {ListedCategories}
                """, reader => (Value: reader.GetString(0), Distinct: reader.GetInt64(1), Rows: reader.GetInt64(2)), cancellationToken));
            if (counts.Count > 0 && counts[0].Distinct > IdDistinct && counts[0].Distinct > 0.5 * counts[0].Rows)
                return null;
            names.AddRange(counts.Select(one => one.Value));
        }
        return names.Distinct(StringComparer.Ordinal).ToList();
    }

    /// <summary>Hands over all rows, chunk by chunk.</summary>
    public static void Read(DuckInput input, IReadOnlyList<CauseBins> columns, IReadOnlyList<CauseQuantity> quantities, RowsAction action, CancellationToken cancellationToken)
    {
        using var connection = input.Duplicate();
        var expressions = quantities.Select(quantity => Double(quantity.Column)).Concat(columns.Select(Cell)).ToList();
        int[][] cells = columns.Select(_ => Array.Empty<int>()).ToArray();
        double[][] values = quantities.Select(_ => Array.Empty<double>()).ToArray();
        DuckInput.Translate(input.Name, () =>
        {
            // A constant keeps the statement valid when nothing but rows is counted.
            DuckVectorStream.Read(connection, $"SELECT {string.Join(", ", expressions.DefaultIfEmpty("1"))} FROM {input.Relation}", vectors =>
            {
                for (int i = 0; i < quantities.Count; i++)
                    Fill(ref values[i], vectors, i, quantities[i].Transform);
                for (int i = 0; i < columns.Count; i++)
                    Fill(ref cells[i], vectors, quantities.Count + i, columns[i]);
                action(cells, values, vectors.Rows);
            }, cancellationToken);
            return 0;
        });
    }

    private static void Fill(ref double[] target, DuckVectors vectors, int column, Func<double, double>? transform)
    {
        var numbers = vectors.Values<double>(column);
        var validity = vectors.Validity(column);
        if (target.Length < numbers.Length)
            target = new double[numbers.Length];
        for (int row = 0; row < numbers.Length; row++)
        {
            double value = IsValid(validity, row) ? transform is null ? numbers[row] : transform(numbers[row]) : double.NaN;
            target[row] = double.IsFinite(value) ? value : double.NaN;
        }
    }

    private static void Fill(ref int[] target, DuckVectors vectors, int column, CauseBins bins)
    {
        if (target.Length < vectors.Rows)
            target = new int[vectors.Rows];
        if (!bins.IsNumeric)
        {
            vectors.Values<int>(column).CopyTo(target);
            return;
        }
        var numbers = vectors.Values<double>(column);
        var validity = vectors.Validity(column);
        for (int row = 0; row < numbers.Length; row++)
            target[row] = IsValid(validity, row) ? bins.Cell(numbers[row]) : bins.Missing;
    }

    private static string Cell(CauseBins bins)
    {
        if (bins.IsNumeric)
            return Double(bins.Column);
        string text = $"{DuckSession.Identifier(bins.Column)}::VARCHAR", list = string.Join(", ", bins.Categories.Select(DuckSession.Literal));
        string others = bins.Categories.Count.ToString(CultureInfo.InvariantCulture), missing = bins.Missing.ToString(CultureInfo.InvariantCulture);
        // list_position counts from 1 and is 0 or NULL for what is not listed.
        return $"CASE WHEN {text} IS NULL THEN {missing} ELSE coalesce(nullif(list_position([{list}]::VARCHAR[], {text}), 0) - 1, {others}) END::INTEGER";
    }

    private static string Double(string column) => $"{DuckSession.Identifier(column)}::DOUBLE";

    private static bool IsValid(ReadOnlySpan<ulong> validity, int row) => validity.Length == 0 || (validity[row >> 6] >> (row & 63) & 1) != 0;

    private static List<T> Query<T>(DuckDBConnection connection, string sql, Func<DuckDBDataReader, T> row, CancellationToken cancellationToken)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var cancel = cancellationToken.Register(command.Cancel);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(row(reader));
        return rows;
    }
}
