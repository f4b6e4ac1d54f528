using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Analysis;
using Workbench.Data;
using Workbench.Notebooks.Tables;

namespace Workbench.Notebooks.Values;

/// <summary>
/// A DataFrame as <c>table.parquet</c> and <c>columns.json</c>. What Parquet would change travels in a type that keeps it: a
/// decimal as text, a time with a kind or below a microsecond as <see cref="DateTime.ToBinary"/>, text with a NUL or half a
/// surrogate pair as base64 of its UTF-16.
/// </summary>
internal static class FrameFiles
{
    private const string TableFile = "table.parquet";
    private const string ColumnsFile = "columns.json";
    private const string BinaryTime = "DateTime.ToBinary";
    private const string BinaryText = "String.Base64";
    private const int TicksOfAMicrosecond = 10;

    private sealed record Column(string Name, string Type);

    public static void Save(DataFrame frame, string folder)
    {
        var columns = frame.Columns.Select(column => new Column(column.Name, TypeOf(column))).ToList();
        File.WriteAllText(Path.Combine(folder, ColumnsFile), JsonSerializer.Serialize(columns));
        if (columns.Count > 0)
            DataFrameTables.SaveParquet(new DataFrame(frame.Columns.Select((column, index) => Encode(column, columns[index], StoredName(columns, index)))), Path.Combine(folder, TableFile));
    }

    /// <exception cref="DataException">A file is missing or damaged.</exception>
    public static DataFrame Load(string folder)
    {
        var path = Path.Combine(folder, ColumnsFile);
        try
        {
            var columns = JsonSerializer.Deserialize<List<Column>>(File.ReadAllText(path)) ?? throw new JsonException("The file is empty.");
            if (columns.Count == 0)
                return new DataFrame();
            var stored = DataFrameTables.LoadParquet(Path.Combine(folder, TableFile));
            return new DataFrame(columns.Select((column, index) => Decode(stored.Columns[index], column)));
        }
        catch (Exception failure) when (failure is IOException or JsonException or ArgumentOutOfRangeException)
        {
            throw new DataException($"Cannot read the columns of a table in '{path}': {failure.Message}", failure) { Origin = path };
        }
    }

    // Names of Parquet columns that differ only in case are one to DuckDB.
    private static string StoredName(List<Column> columns, int index) =>
        columns.Select(column => column.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count() == columns.Count ? columns[index].Name : $"c{index}";

    private static string TypeOf(DataFrameColumn column)
    {
        if (column.DataType == typeof(DateTime) && Values<DateTime>(column).Any(time => time is { } value && (value.Kind != DateTimeKind.Unspecified || value.Ticks % TicksOfAMicrosecond != 0)))
            return BinaryTime;
        return column.DataType == typeof(string) && Texts(column).Any(text => text is not null && (text.Contains('\0') || text.EnumerateRunes().Contains(Rune.ReplacementChar))) ? BinaryText : column.DataType.Name;
    }

    private static DataFrameColumn Encode(DataFrameColumn column, Column described, string name) => described.Type switch
    {
        nameof(Decimal) => new StringDataFrameColumn(name, Values<decimal>(column).Select(value => value?.ToString(CultureInfo.InvariantCulture)!)), // the column takes null, its signature does not say so
        nameof(Char) => new StringDataFrameColumn(name, Values<char>(column).Select(value => value?.ToString()!)),
        BinaryText => new StringDataFrameColumn(name, Texts(column).Select(text => text is null ? null! : Convert.ToBase64String(MemoryMarshal.AsBytes(text.AsSpan())))),
        BinaryTime => new Int64DataFrameColumn(name, Values<DateTime>(column).Select(value => value?.ToBinary())),
        _ when name == column.Name => column,
        _ => Renamed(column, name),
    };

    private static DataFrameColumn Renamed(DataFrameColumn column, string name)
    {
        var copy = column.Clone();
        copy.SetName(name);
        return copy;
    }

    private static DataFrameColumn Decode(DataFrameColumn stored, Column described) => described.Type switch
    {
        nameof(Decimal) => new DecimalDataFrameColumn(described.Name, Texts(stored).Select(text => text is null ? (decimal?)null : decimal.Parse(text, CultureInfo.InvariantCulture))),
        nameof(Char) => new CharDataFrameColumn(described.Name, Texts(stored).Select(text => text?[0])),
        BinaryText => new StringDataFrameColumn(described.Name, Texts(stored).Select(text => text is null ? null! : new string(MemoryMarshal.Cast<byte, char>(Convert.FromBase64String(text))))),
        BinaryTime => new DateTimeDataFrameColumn(described.Name, Values<long>(stored).Select(value => value is { } binary ? DateTime.FromBinary(binary) : (DateTime?)null)),
        _ => Renamed(stored, described.Name),
    };

    private static IEnumerable<string?> Texts(DataFrameColumn column) => Enumerable.Range(0, (int)column.Length).Select(row => (string?)column[row]);

    private static IEnumerable<T?> Values<T>(DataFrameColumn column) where T : struct => Enumerable.Range(0, (int)column.Length).Select(row => (T?)column[row]);
}
