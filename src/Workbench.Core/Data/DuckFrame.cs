using System.Globalization;
using System.Numerics;
using DuckDB.NET.Data;
using Microsoft.Data.Analysis;

namespace Workbench.Data;

/// <summary>Reads a result into a DataFrame, a typed column each.</summary>
internal static class DuckFrame
{
    public static DataFrame Read(DuckDBDataReader reader)
    {
        var columns = new (DataFrameColumn Column, Action Append)[reader.FieldCount];
        for (int i = 0; i < columns.Length; i++)
            columns[i] = Column(reader, i);
        while (reader.Read())
            foreach (var (_, append) in columns)
                append();
        return new DataFrame(columns.Select(pair => pair.Column));
    }

    private static (DataFrameColumn, Action) Column(DuckDBDataReader reader, int index)
    {
        string name = reader.GetName(index);
        var type = reader.GetFieldType(index);
        return Type.GetTypeCode(type) switch
        {
            TypeCode.Boolean => Plain(new BooleanDataFrameColumn(name), reader, index),
            TypeCode.SByte => Plain(new SByteDataFrameColumn(name), reader, index),
            TypeCode.Byte => Plain(new ByteDataFrameColumn(name), reader, index),
            TypeCode.Int16 => Plain(new Int16DataFrameColumn(name), reader, index),
            TypeCode.UInt16 => Plain(new UInt16DataFrameColumn(name), reader, index),
            TypeCode.Int32 => Plain(new Int32DataFrameColumn(name), reader, index),
            TypeCode.UInt32 => Plain(new UInt32DataFrameColumn(name), reader, index),
            TypeCode.Int64 => Plain(new Int64DataFrameColumn(name), reader, index),
            TypeCode.UInt64 => Plain(new UInt64DataFrameColumn(name), reader, index),
            TypeCode.Single => Plain(new SingleDataFrameColumn(name), reader, index),
            TypeCode.Double => Plain(new DoubleDataFrameColumn(name), reader, index),
            TypeCode.Decimal => Plain(new DecimalDataFrameColumn(name), reader, index),
            TypeCode.DateTime => Plain(new DateTimeDataFrameColumn(name), reader, index),
            TypeCode.String => Text(name, reader, index, () => reader.GetString(index)),
            _ when type == typeof(BigInteger) => Converted(new Int64DataFrameColumn(name), reader, index, () => Narrow(reader.GetFieldValue<BigInteger>(index), name)),
            _ when type == typeof(DateOnly) => Converted(new DateTimeDataFrameColumn(name), reader, index, () => reader.GetFieldValue<DateOnly>(index).ToDateTime(default)),
            _ when type == typeof(TimeOnly) || type == typeof(TimeSpan) || type == typeof(Guid) =>
                Text(name, reader, index, () => Convert.ToString(reader.GetValue(index), CultureInfo.InvariantCulture)),
            _ => throw new DataException(
                $"Column '{name}' is a {reader.GetDataTypeName(index)}, which a frame cannot hold. Select {name}::VARCHAR, or take it apart with unnest or a field's name.")
            { Column = name },
        };
    }

    private static (DataFrameColumn, Action) Plain<T>(PrimitiveDataFrameColumn<T> column, DuckDBDataReader reader, int index) where T : unmanaged =>
        Converted(column, reader, index, () => reader.GetFieldValue<T>(index));

    private static (DataFrameColumn, Action) Converted<T>(PrimitiveDataFrameColumn<T> column, DuckDBDataReader reader, int index, Func<T> value) where T : unmanaged =>
        (column, () => column.Append(reader.IsDBNull(index) ? null : value()));

    private static (DataFrameColumn, Action) Text(string name, DuckDBDataReader reader, int index, Func<string?> value)
    {
        var column = new StringDataFrameColumn(name);
        return (column, () => column.Append(reader.IsDBNull(index) ? null : value()));
    }

    internal static long Narrow(BigInteger value, string column) =>
        value >= long.MinValue && value <= long.MaxValue
            ? (long)value
            : throw new DataException($"Column '{column}' holds {value}, which does not fit 64 bits. Select {column}::DOUBLE.") { Column = column, Value = value.ToString(CultureInfo.InvariantCulture) };
}
