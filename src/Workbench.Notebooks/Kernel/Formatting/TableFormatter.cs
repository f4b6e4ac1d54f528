using System.Collections;
using System.Globalization;
using System.Reflection;
using Microsoft.Data.Analysis;

namespace Workbench.Notebooks.Kernel.Formatting;

/// <summary>Shows DataFrames and sequences of records as tables of their first rows.</summary>
internal static class TableFormatter
{
    private const int MaximumRows = 20;
    private const int MaximumColumns = 50;

    public static MimeBundle Format(DataFrame frame)
    {
        var shown = frame.Columns.Take(MaximumColumns).ToList();
        var rows = Enumerable.Range(0, (int)Math.Min(MaximumRows, frame.Rows.Count)).Select(row => shown.Select(column => Text(column[row])).ToList()).ToList();
        var columns = shown.Select(column => (column.Name, Describe(column), IsNumeric(column.DataType))).ToList();
        return new HtmlTable(columns, rows, Caption(rows.Count, frame.Rows.Count, shown.Count, frame.Columns.Count)).ToBundle();
    }

    /// <summary>The sequence as a table, or null when its items have no columns (numbers, texts, mixed).</summary>
    public static MimeBundle? TryFormat(IEnumerable sequence)
    {
        if (ItemType(sequence) is not { } type || Properties(type) is not { Count: > 0 } properties)
            return null;
        var items = new List<object?>();
        int? count = (sequence as ICollection)?.Count;
        foreach (var item in sequence)
        {
            if (items.Count == MaximumRows)
                return Table(type, properties, items, count, more: true);
            items.Add(item);
        }
        return Table(type, properties, items, items.Count, more: false);
    }

    /// <summary>A value as text: invariant, six significant digits for floating point.</summary>
    internal static string? Text(object? value) => value switch
    {
        null => null,
        string text => text,
        float number => number.ToString("G6", CultureInfo.InvariantCulture),
        double number => number.ToString("G6", CultureInfo.InvariantCulture),
        DateTime { TimeOfDay.Ticks: 0 } day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime time => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.ToString("O", CultureInfo.InvariantCulture),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Take(5).Select(Text))}{(items.Cast<object?>().Skip(5).Any() ? ", …" : "")}]",
        _ => value.ToString(),
    };

    private static MimeBundle Table(Type type, List<PropertyInfo> properties, List<object?> items, int? count, bool more)
    {
        var rows = items.Select(item => properties.Select(property => item is null ? null : Text(property.GetValue(item))).ToList()).ToList();
        var columns = properties.Select(property => (property.Name, TypeName(property.PropertyType), IsNumeric(property.PropertyType))).ToList();
        var caption = count is { } known ? Caption(rows.Count, known, columns.Count, columns.Count) : $"first {rows.Count} rows{(more ? ", there are more" : "")}";
        return new HtmlTable(columns, rows, $"{caption} of {TypeName(type)}").ToBundle();
    }

    private static Type? ItemType(IEnumerable sequence) => sequence.GetType().GetInterfaces()
        .Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IEnumerable<>))
        .Select(type => type.GetGenericArguments()[0])
        .FirstOrDefault(type => type != typeof(object) && !type.IsPrimitive && type != typeof(string) && !typeof(IEnumerable).IsAssignableFrom(type)
            && Type.GetTypeCode(type) is TypeCode.Object && !(type.IsGenericType && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>)) && !type.FullName!.StartsWith("System.Text.Json", StringComparison.Ordinal)); // closed types have a full name

    private static List<PropertyInfo> Properties(Type type) => Nullable.GetUnderlyingType(type) is not null || type.Namespace == "System"
        ? []
        : type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanRead && property.GetIndexParameters().Length == 0).Take(MaximumColumns).ToList();

    private static string Describe(DataFrameColumn column) =>
        column.NullCount == 0 ? TypeName(column.DataType) : $"{TypeName(column.DataType)}, {column.NullCount.ToString("N0", CultureInfo.InvariantCulture)} null";

    private static string TypeName(Type type) => Nullable.GetUnderlyingType(type) is { } inner
        ? TypeName(inner) + "?"
        : type.Name.Contains("Anonymous", StringComparison.Ordinal) ? "anonymous type" : type.Name;

    private static bool IsNumeric(Type type) => Type.GetTypeCode(Nullable.GetUnderlyingType(type) ?? type) is >= TypeCode.SByte and <= TypeCode.Decimal;

    private static string Caption(int shown, long rows, int shownColumns, int columns)
    {
        var size = string.Create(CultureInfo.InvariantCulture, $"{rows:N0} {(rows == 1 ? "row" : "rows")} × {columns} {(columns == 1 ? "column" : "columns")}");
        if (shown < rows)
            size += string.Create(CultureInfo.InvariantCulture, $", the first {shown} shown");
        return shownColumns < columns ? $"{size}, the first {shownColumns} columns shown" : size;
    }
}
