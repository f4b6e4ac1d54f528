using System.Globalization;
using DuckDB.NET.Data;
using Workbench.Drift;

namespace Workbench.Core.Tests.Reports;

/// <summary>Many columns of few rows: numbers, categories and booleans, of which every tenth drifts.</summary>
internal static class WideData
{
    public const int Rows = 400;

    /// <summary>The report of both sides, and numbers of the first rows as a page would show them.</summary>
    public static (DriftReport Report, IReadOnlyList<string> Values) Compare(int columns)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = string.Concat(Enumerable.Range(0, 2).Select(side =>
            $"CREATE TABLE side{side} AS SELECT 'secret-' || i AS row_name, {string.Join(", ", Enumerable.Range(0, columns).Select(column => Column(column, side)))} FROM range({Rows}) t(i);"));
        command.ExecuteNonQuery();
        command.CommandText = "SELECT f0001, f0002, f0003 FROM side1 ORDER BY row_name LIMIT 10";
        using var reader = command.ExecuteReader();
        var values = new List<string>();
        while (reader.Read())
            values.AddRange(Enumerable.Range(0, 3).Select(i => reader.GetDouble(i).ToString("R", CultureInfo.InvariantCulture)));
        return (DriftReport.Compare(DriftSource.Query(connection, "SELECT * FROM side0", "last year"), DriftSource.Query(connection, "SELECT * FROM side1", "this year")), values);
    }

    private static string Column(int column, int side)
    {
        string random = $"(hash(i * 7919 + {column * 2 + side}) % 1000003)";
        string shift = column % 10 == 0 && side == 1 ? "+ 300" : "";
        string value = (column % 10) switch
        {
            8 => $"'category ' || ({random} % 40 + {(column % 20 == 8 ? side * 25 : 0)})",
            9 => $"{random} % {3 + (column % 20 == 9 ? side * 9 : 0)} = 0",
            _ => $"{random} / 1000.7 {shift}",
        };
        return string.Create(CultureInfo.InvariantCulture, $"{value} AS f{column:D4}");
    }
}
