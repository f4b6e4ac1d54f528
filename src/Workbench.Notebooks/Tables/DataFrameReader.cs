using System.Collections;
using System.Data;
using System.Globalization;
using System.Numerics;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Data.Analysis;

namespace Workbench.Notebooks.Tables;

/// <summary>Reads a query result into a DataFrame whose columns keep their types; SQL NULL becomes null.</summary>
internal static class DataFrameReader
{
    private static readonly JsonSerializerOptions Nested = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>All rows of the current result.</summary>
    public static DataFrame Read(IDataReader reader) => Read(reader, long.MaxValue).Frame;

    /// <summary>The first rows of the current result, and whether there are no more.</summary>
    public static (DataFrame Frame, bool IsWhole) Read(IDataReader reader, long maximumRows)
    {
        var names = UniqueNames(reader);
        var values = names.Select(_ => new List<object?>()).ToList();
        bool more;
        for (long row = 0; (more = reader.Read()) && row < maximumRows; row++)
            for (int column = 0; column < names.Count; column++)
                values[column].Add(reader.IsDBNull(column) ? null : reader.GetValue(column));
        return (new DataFrame(names.Select((name, column) => Column(name, reader.GetFieldType(column), values[column]))), !more);
    }

    // A DataFrame wants distinct column names; a join may return two of one name.
    private static List<string> UniqueNames(IDataReader reader)
    {
        var names = new List<string>();
        for (int column = 0; column < reader.FieldCount; column++)
        {
            var name = reader.GetName(column);
            for (int number = 1; names.Contains(name, StringComparer.OrdinalIgnoreCase); number++)
                name = $"{reader.GetName(column)}_{number}";
            names.Add(name);
        }
        return names;
    }

    private static DataFrameColumn Column(string name, Type type, List<object?> values) => Type.GetTypeCode(type) switch
    {
        TypeCode.Boolean => new BooleanDataFrameColumn(name, Cast<bool>(values)),
        TypeCode.SByte => new SByteDataFrameColumn(name, Cast<sbyte>(values)),
        TypeCode.Byte => new ByteDataFrameColumn(name, Cast<byte>(values)),
        TypeCode.Int16 => new Int16DataFrameColumn(name, Cast<short>(values)),
        TypeCode.UInt16 => new UInt16DataFrameColumn(name, Cast<ushort>(values)),
        TypeCode.Int32 => new Int32DataFrameColumn(name, Cast<int>(values)),
        TypeCode.UInt32 => new UInt32DataFrameColumn(name, Cast<uint>(values)),
        TypeCode.Int64 => new Int64DataFrameColumn(name, Cast<long>(values)),
        TypeCode.UInt64 => new UInt64DataFrameColumn(name, Cast<ulong>(values)),
        TypeCode.Single => new SingleDataFrameColumn(name, Cast<float>(values)),
        TypeCode.Double => new DoubleDataFrameColumn(name, Cast<double>(values)),
        TypeCode.Decimal => new DecimalDataFrameColumn(name, Cast<decimal>(values)),
        TypeCode.DateTime => new DateTimeDataFrameColumn(name, Cast<DateTime>(values)),
        _ => Other(name, type, values),
    };

    private static DataFrameColumn Other(string name, Type type, List<object?> values)
    {
        if (type == typeof(BigInteger))
            return Integers(name, values.Select(value => (BigInteger?)value).ToList());
        if (type == typeof(DateOnly))
            return new DateTimeDataFrameColumn(name, values.Select(value => ((DateOnly?)value)?.ToDateTime(TimeOnly.MinValue)));
        if (type == typeof(DateTimeOffset))
            return new DateTimeDataFrameColumn(name, values.Select(value => ((DateTimeOffset?)value)?.UtcDateTime));
        return new StringDataFrameColumn(name, values.Select(value => value is null ? null! : Text(value))); // the column takes null, its signature does not say so; Convert would make it ""
    }

    // DuckDB's sum() over integers is a 128-bit number, for which a DataFrame has no column.
    private static DataFrameColumn Integers(string name, List<BigInteger?> values) =>
        values.TrueForAll(value => value is null || (value >= long.MinValue && value <= long.MaxValue))
            ? new Int64DataFrameColumn(name, values.Select(value => (long?)value))
            : new DoubleDataFrameColumn(name, values.Select(value => (double?)value));

    // Lists, structs and maps read best as JSON.
    private static string Text(object value) => value is IEnumerable and not string
        ? JsonSerializer.Serialize(value, Nested)
        : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private static IEnumerable<T?> Cast<T>(List<object?> values) where T : struct => values.Select(value => (T?)value);
}
