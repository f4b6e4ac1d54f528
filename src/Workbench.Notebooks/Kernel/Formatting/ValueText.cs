using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workbench.Notebooks.Kernel.Formatting;

/// <summary>Values as one line of text, the same in every culture.</summary>
internal static class ValueText
{
    private const int Previewed = 5;
    private const int DeepestPreview = 3;

    /// <summary>Whether values of the type are shown as text rather than as a table or a tree.</summary>
    public static bool IsScalar(Type type) =>
        type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(decimal) || type == typeof(DateTime) || type == typeof(DateTimeOffset)
        || type == typeof(DateOnly) || type == typeof(TimeOnly) || type == typeof(TimeSpan) || type == typeof(Guid) || type == typeof(Half) || type == typeof(Int128)
        || type == typeof(UInt128) || type == typeof(BigInteger) || type == typeof(Complex) || type == typeof(Range) || type == typeof(Index) || type == typeof(Rune)
        || type == typeof(Version) || type == typeof(Uri) || typeof(Type).IsAssignableFrom(type);

    public static bool IsNumeric(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return !type.IsEnum && (Type.GetTypeCode(type) is >= TypeCode.SByte and <= TypeCode.Decimal || type == typeof(BigInteger) || type == typeof(Half) || type == typeof(Int128) || type == typeof(UInt128));
    }

    /// <summary>A scalar with everything that it holds: all digits, the kind of a time.</summary>
    public static string Exact(object value) => value switch
    {
        string text => text,
        double or float or Half => ((IFormattable)value).ToString("R", CultureInfo.InvariantCulture),
        DateTime time => Time(time),
        DateTimeOffset time => time.ToString("yyyy-MM-dd HH:mm:ss.FFFFFFF zzz", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        TimeOnly time => time.ToString("HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture),
        TimeSpan span => span.ToString("c", CultureInfo.InvariantCulture),
        Complex number => ComplexText(number),
        Type type => type.ToString(),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    /// <summary>A value in a table: six significant digits for floating point, a preview of what it contains. Null for null.</summary>
    public static string? Short(object? value) => Short(value, DeepestPreview);

    /// <summary>A day without its time.</summary>
    public static string Day(DateTime day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Items in brackets; texts stand in quotes, so that their ends are seen.</summary>
    public static string List(IEnumerable<object?> items, bool more) =>
        $"[{string.Join(", ", items.Select(item => Item(item, DeepestPreview)))}{(more ? ", …" : "")}]";

    public static string Number(double value) => value.ToString("G6", CultureInfo.InvariantCulture);

    private static string? Short(object? value, int depth) => value switch
    {
        null or DBNull => null,
        float number => number.ToString("G6", CultureInfo.InvariantCulture),
        double number => Number(number),
        string or JsonNode or JsonElement => value.ToString(),
        Exception failure => $"{failure.GetType().Name}: {failure.Message}",
        ITuple tuple => $"({string.Join(", ", Enumerable.Range(0, tuple.Length).Select(index => Item(tuple[index], depth - 1)))})",
        _ when IsScalar(value.GetType()) => Exact(value),
        _ when TensorFormatter.TryDescribe(value) is { } tensor => tensor,
        IEnumerable items => depth > 0 ? Preview(items, depth - 1) : TypeName.Of(value.GetType()),
        _ => Described(value),
    };

    private static string Item(object? value, int depth) => value is string text ? $"\"{text}\"" : Short(value, depth) ?? "null";

    private static string Preview(IEnumerable items, int depth)
    {
        var first = items.Cast<object?>().Take(Previewed + 1).ToList();
        bool more = first.Count > Previewed;
        var count = more && items is ICollection collection ? string.Create(CultureInfo.InvariantCulture, $" ({collection.Count:N0})") : "";
        return $"[{string.Join(", ", first.Take(Previewed).Select(item => Item(item, depth)))}{(more ? ", …" : "")}]{count}";
    }

    // The ToString of object itself says no more than the type, with its namespace in front.
    private static string Described(object value) =>
        value is IFormattable ? Exact(value)
        : value.ToString() is { } text && text != value.GetType().ToString() ? text : TypeName.Of(value.GetType());

    private static string Time(DateTime time) => time.ToString("yyyy-MM-dd HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture) + time.Kind switch
    {
        DateTimeKind.Utc => "Z",
        DateTimeKind.Local => time.ToString(" zzz", CultureInfo.InvariantCulture),
        _ => "",
    };

    private static string ComplexText(Complex number) =>
        string.Create(CultureInfo.InvariantCulture, $"{number.Real:R} {(double.IsNegative(number.Imaginary) ? '-' : '+')} {Math.Abs(number.Imaginary):R}i");
}
