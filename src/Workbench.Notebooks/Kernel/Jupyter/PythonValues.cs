using System.Collections;
using System.Data;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Data.Analysis;
using Workbench.Notebooks.Tables;

namespace Workbench.Notebooks.Kernel.Jupyter;

/// <summary>Values as <see cref="PythonShare"/> writes and reads them.</summary>
internal static class PythonValues
{
    private const string Kind = "$kind";

    /// <exception cref="ArgumentException">The type cannot go to Python.</exception>
    public static JsonNode? Encode(object? value) => value switch
    {
        null or DBNull => null,
        bool or string or int or long or short or byte or sbyte or ushort or uint => JsonSerializer.SerializeToNode(value),
        double number => Number(number),
        float number => Number(number),
        decimal number => JsonValue.Create((double)number),
        DateTime time => Tagged("datetime", time.ToString("yyyy-MM-ddTHH:mm:ss.ffffff" + (time.Kind == DateTimeKind.Utc ? "+00:00" : ""), CultureInfo.InvariantCulture)),
        DateTimeOffset time => Tagged("datetime", time.ToString("yyyy-MM-ddTHH:mm:ss.ffffffzzz", CultureInfo.InvariantCulture)),
        DateOnly day => Tagged("datetime", day.ToString("yyyy-MM-ddT00:00:00", CultureInfo.InvariantCulture)),
        byte[] bytes => Tagged("bytes", Convert.ToBase64String(bytes)),
        JsonNode json => json.DeepClone(),
        DataFrame frame => Table(frame.Columns.Select(column => (column.Name, (IEnumerable)column))),
        DataTable table => Table(table.Columns.Cast<DataColumn>().Select(column => (column.ColumnName, (IEnumerable)table.Rows.Cast<DataRow>().Select(row => row[column]).ToList()))),
        IDictionary<string, object?> items => Dictionary(items),
        Array { Rank: 2 } matrix => Rows(matrix),
        IEnumerable items when IsSimple(items) => new JsonArray(items.Cast<object?>().Select(Encode).ToArray()),
        _ => Other(value),
    };

    public static object? Decode(JsonNode? node) => node switch
    {
        null => null,
        JsonArray items => List(items),
        JsonObject { } json when json[Kind]?.ToString() is { } kind => Decode(json, kind),
        JsonObject json => new JsonObject(json.Select(pair => KeyValuePair.Create(pair.Key, Plain(pair.Value)))),
        _ => Scalar(node.AsValue()),
    };

    private static object? Decode(JsonObject json, string kind) => kind switch
    {
        "float" => double.Parse(json["value"]!.ToString(), CultureInfo.InvariantCulture),
        "datetime" => Time(json["value"]!.ToString()),
        "bytes" => Convert.FromBase64String(json["value"]!.ToString()),
        "dict" => new JsonObject(json["value"]!.AsObject().Select(pair => KeyValuePair.Create(pair.Key, Plain(pair.Value)))),
        "array" => ArrayOf(json),
        "table" => new DataFrame(json["columns"]!.AsArray().Select(column => Column(column!))),
        _ => throw new InvalidOperationException($"Python sent a value of kind '{kind}'."),
    };

    // Python's aware times become UTC; naive ones stay without a zone.
    private static DateTime Time(string text)
    {
        var time = DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
        return text.Length > 6 && text[^6] is '+' or '-' && text[^3] == ':' ? time : DateTime.SpecifyKind(time, DateTimeKind.Unspecified);
    }

    private static object Scalar(JsonValue value) => value.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => value.GetValue<string>(),
        _ when value.ToJsonString().AsSpan().ContainsAny(".eE") => value.GetValue<double>(),
        _ when value.TryGetValue(out int number) => number,
        _ => value.GetValue<long>(),
    };

    // One type where all are of one, else JSON.
    private static object List(JsonArray items)
    {
        var values = items.Select(Decode).ToList();
        if (values.Count > 0 && values.TrueForAll(value => value is int))
            return values.Cast<int>().ToArray();
        if (values.Count > 0 && values.TrueForAll(value => value is int or long))
            return values.Select(value => Convert.ToInt64(value, CultureInfo.InvariantCulture)).ToArray();
        if (values.Count > 0 && values.TrueForAll(value => value is int or long or double))
            return values.Select(value => Convert.ToDouble(value, CultureInfo.InvariantCulture)).ToArray();
        if (values.Count > 0 && values.TrueForAll(value => value is bool))
            return values.Cast<bool>().ToArray();
        if (values.Count > 0 && values.TrueForAll(value => value is string))
            return values.Cast<string>().ToArray();
        return values.Count > 0 && values.TrueForAll(value => value is DateTime) ? values.Cast<DateTime>().ToArray() : Plain(items)!;
    }

    // JSON without the tags, for what stays JSON.
    private static JsonNode? Plain(JsonNode? node) => node switch
    {
        JsonArray items => new JsonArray(items.Select(Plain).ToArray()),
        JsonObject json when json[Kind] is { } kind => kind.ToString() is "dict" ? Decode(json) as JsonObject : kind.ToString() is "array" ? Plain(json["values"]) : json["value"]?.DeepClone() ?? json.DeepClone(),
        JsonObject json => new JsonObject(json.Select(pair => KeyValuePair.Create(pair.Key, Plain(pair.Value)))),
        _ => node?.DeepClone(),
    };

    private static object ArrayOf(JsonObject json)
    {
        var shape = json["shape"]!.AsArray().Select(size => (int)size!).ToArray();
        var values = json["values"]!.AsArray();
        Array flat = json["type"]!.ToString() switch
        {
            "f" => values.Select(value => Convert.ToDouble(Decode(value), CultureInfo.InvariantCulture)).ToArray(),
            "b" => values.Select(value => (bool)value!).ToArray(),
            _ => values.Select(value => (long)value!).ToArray(),
        };
        if (shape.Length == 1)
            return flat;
        var matrix = Array.CreateInstance(flat.GetType().GetElementType()!, shape); // an array has an element type
        for (int index = 0; index < flat.Length; index++)
            matrix.SetValue(flat.GetValue(index), index / shape[1], index % shape[1]);
        return matrix;
    }

    private static DataFrameColumn Column(JsonNode column)
    {
        var name = column["name"]!.ToString();
        var values = column["values"]!.AsArray().Select(Decode).ToList();
        var known = values.Where(value => value is not null).ToList();
        var type = column["type"]!.ToString();
        IEnumerable<T?> As<T>(Func<object, T> convert) where T : struct => values.Select(value => value is null ? (T?)null : convert(value));
        if (type.Contains("float", StringComparison.OrdinalIgnoreCase) || (known.Exists(value => value is double) && known.TrueForAll(value => value is double or int or long)))
            return new DoubleDataFrameColumn(name, As(value => Convert.ToDouble(value, CultureInfo.InvariantCulture)));
        if (known.Count > 0 && known.TrueForAll(value => value is bool))
            return new BooleanDataFrameColumn(name, As(value => (bool)value));
        if (known.Count > 0 && known.TrueForAll(value => value is int or long))
            return new Int64DataFrameColumn(name, As(value => Convert.ToInt64(value, CultureInfo.InvariantCulture)));
        if (known.Count > 0 && known.TrueForAll(value => value is DateTime))
            return new DateTimeDataFrameColumn(name, As(value => (DateTime)value));
        return new StringDataFrameColumn(name, values.Select(value => value is null or string ? (string?)value : value is JsonNode json ? json.ToJsonString() : Convert.ToString(value, CultureInfo.InvariantCulture)));
    }

    private static JsonObject Table(IEnumerable<(string Name, IEnumerable Values)> columns) => new()
    {
        [Kind] = "table",
        ["columns"] = new JsonArray(columns.Select(column => (JsonNode?)new JsonObject
        {
            ["name"] = column.Name,
            ["values"] = new JsonArray(column.Values.Cast<object?>().Select(Encode).ToArray()),
        }).ToArray()),
    };

    private static JsonObject Dictionary(IDictionary<string, object?> items)
    {
        var encoded = new JsonObject(items.Select(pair => KeyValuePair.Create(pair.Key, Encode(pair.Value))));
        return items.ContainsKey(Kind) ? new JsonObject { [Kind] = "dict", ["value"] = encoded } : encoded;
    }

    private static JsonArray Rows(Array matrix) => new(Enumerable.Range(0, matrix.GetLength(0)).Select(row =>
        (JsonNode?)new JsonArray(Enumerable.Range(0, matrix.GetLength(1)).Select(column => Encode(matrix.GetValue(row, column))).ToArray())).ToArray());

    private static bool IsSimple(IEnumerable items) => items is not IDictionary && items.Cast<object?>().FirstOrDefault(item => item is not null) is null or IEnumerable or bool or IConvertible or DateTimeOffset or DateOnly;

    private static JsonNode? Other(object value)
    {
        if (TableWriter.CanWrite(value))
        {
            using var connection = DataFrameTables.OpenMemory();
            TableWriter.Write(connection, "shared", value);
            using var command = connection.CreateCommand();
            command.CommandText = "FROM shared";
            using var reader = command.ExecuteReader();
            return Encode(DataFrameReader.Read(reader));
        }
        throw new ArgumentException($"A value of type {value.GetType()} cannot go to Python. Numbers, texts, dates, arrays, lists, dictionaries with text keys, JSON, DataFrames and sequences of records can.");
    }

    private static JsonNode Number(double number) => double.IsFinite(number)
        ? JsonNode.Parse(number.ToString("R", CultureInfo.InvariantCulture) is var text && text.AsSpan().ContainsAny(".E") ? text : text + ".0")! // 3.0 stays a float in Python
        : Tagged("float", number.ToString(CultureInfo.InvariantCulture));

    private static JsonObject Tagged(string kind, string value) => new() { [Kind] = kind, ["value"] = value };
}
