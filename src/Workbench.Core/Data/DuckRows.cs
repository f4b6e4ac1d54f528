using System.Globalization;
using System.Numerics;
using System.Reflection;
using System.Runtime.CompilerServices;
using DuckDB.NET.Data;

namespace Workbench.Data;

/// <summary>Maps result rows to records, tuples or plain values.</summary>
internal static class DuckRows
{
    /// <summary>A constructor parameter or property, the column that fills it, and whether it takes null.</summary>
    private sealed record Member(string Name, Type Type, bool TakesNull, int Column);

    public static IReadOnlyList<T> Read<T>(DuckDBDataReader reader)
    {
        var make = IsPlain(typeof(T)) ? Single<T>(reader) : Composite<T>(reader);
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(make(rows.Count + 1));
        return rows;
    }

    public static T? Scalar<T>(object? value) =>
        value is null or DBNull ? default : (T)Convert(value, new Member("value", typeof(T), true, 0), 1)!;

    private static bool IsPlain(Type type)
    {
        var core = Nullable.GetUnderlyingType(type) ?? type;
        return core.IsPrimitive || core.IsEnum || core.Namespace == "System" && !typeof(ITuple).IsAssignableFrom(core) || core == typeof(BigInteger);
    }

    private static Func<int, T> Single<T>(DuckDBDataReader reader)
    {
        // Whether T is string or string? cannot be seen at run time, so that text may be NULL here.
        var member = new Member(reader.FieldCount > 0 ? reader.GetName(0) : "", typeof(T), !typeof(T).IsValueType || Nullable.GetUnderlyingType(typeof(T)) is not null, 0);
        return row => (T)Value(reader, member, row)!; // null only where T takes it
    }

    private static Func<int, T> Composite<T>(DuckDBDataReader reader)
    {
        var names = Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).ToList();
        var constructor = typeof(T).GetConstructors().MaxBy(candidate => candidate.GetParameters().Length)
            ?? throw new ArgumentException($"{typeof(T).Name} has no public constructor. Map to a record with public members.");
        bool byPosition = typeof(ITuple).IsAssignableFrom(typeof(T));
        var nullability = new NullabilityInfoContext();
        var arguments = constructor.GetParameters()
            .Select((parameter, index) => new Member(parameter.Name!, parameter.ParameterType, TakesNull(nullability.Create(parameter)), byPosition ? At(index, names, typeof(T)) : Find(parameter.Name!, names, typeof(T))))
            .ToList();
        var settable = byPosition ? [] : typeof(T).GetProperties()
            .Where(property => property.SetMethod is { IsPublic: true } && !arguments.Any(argument => Same(argument.Name, property.Name)))
            .Where(property => IsRequired(property) || names.Any(name => Same(name, property.Name)))
            .Select(property => (property, member: new Member(property.Name, property.PropertyType, TakesNull(nullability.Create(property)), Find(property.Name, names, typeof(T)))))
            .ToList();
        return row =>
        {
            object made = constructor.Invoke([.. arguments.Select(argument => Value(reader, argument, row))]);
            foreach (var (property, member) in settable)
                property.SetValue(made, Value(reader, member, row));
            return (T)made;
        };
    }

    private static bool IsRequired(PropertyInfo property) => property.IsDefined(typeof(RequiredMemberAttribute));

    private static bool TakesNull(NullabilityInfo info) => info.WriteState is NullabilityState.Nullable or NullabilityState.Unknown;

    private static bool Same(string a, string b) => string.Equals(a.Replace("_", ""), b.Replace("_", ""), StringComparison.OrdinalIgnoreCase);

    private static int At(int index, List<string> names, Type type) =>
        index < names.Count ? index : throw new DataException($"The query returns {names.Count} columns ({string.Join(", ", names)}); {type.Name} needs more. Select as many as the tuple has.");

    private static int Find(string member, List<string> names, Type type)
    {
        int index = names.FindIndex(name => Same(name, member));
        return index >= 0 ? index : throw new DataException(
            $"{type.Name}.{member} has no column in the result. Columns: {string.Join(", ", names)}.{Suggestion.DidYouMean(member, names)} Select a column of that name.")
        { Column = member };
    }

    private static object? Value(DuckDBDataReader reader, Member member, int row)
    {
        if (!reader.IsDBNull(member.Column))
            return Convert(reader.GetValue(member.Column), member, row);
        return member.TakesNull ? null : throw new DataException(
            $"Column '{reader.GetName(member.Column)}' is NULL in row {row}, and {member.Name} is a {member.Type.Name} that takes none. Make it nullable, or use coalesce.")
        { Column = reader.GetName(member.Column) };
    }

    private static object? Convert(object value, Member member, int row)
    {
        var type = Nullable.GetUnderlyingType(member.Type) ?? member.Type;
        if (type.IsInstanceOfType(value))
            return value;
        try
        {
            return (value, type) switch
            {
                (BigInteger number, _) when type != typeof(string) => ChangeType(type == typeof(double) ? (double)number : DuckFrame.Narrow(number, member.Name), type),
                (DateTime time, _) when type == typeof(DateTimeOffset) => new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)),
                (DateTime time, _) when type == typeof(DateOnly) && time.TimeOfDay == default => DateOnly.FromDateTime(time),
                (DateOnly day, _) when type == typeof(DateTime) => day.ToDateTime(default),
                (string text, _) when type.IsEnum => Enum.Parse(type, text, ignoreCase: true),
                (_, _) when type.IsEnum => Enum.ToObject(type, value),
                _ => ChangeType(value, type),
            };
        }
        catch (Exception failure) when (failure is InvalidCastException or FormatException or OverflowException or ArgumentException)
        {
            string text = System.Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
            throw new DataException($"Column for '{member.Name}' holds {value.GetType().Name} {text} in row {row}, which is no {type.Name}. Cast it in the SQL or change the member's type.", failure)
            { Column = member.Name, Value = text };
        }
    }

    // Convert.ChangeType rounds 2.5 to an integer without a word; a mapping must not.
    private static object ChangeType(object value, Type type) =>
        value is double or float or decimal && Type.GetTypeCode(type) is >= TypeCode.SByte and <= TypeCode.UInt64 && System.Convert.ToDouble(value, CultureInfo.InvariantCulture) % 1 != 0
            ? throw new InvalidCastException("The value has a fraction.")
            : System.Convert.ChangeType(value, type, CultureInfo.InvariantCulture);
}
