using System.Collections;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workbench.Notebooks.Values;

/// <summary>
/// Finds where a value that was saved and read back differs from what it was: to the bit of a number, the kind of a time, the
/// class of an element, the comparer of a dictionary, the private fields of an object.
/// </summary>
internal static class ExactComparison
{
    private const BindingFlags Fields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>The path of the first difference below <paramref name="path"/>, or null when there is none.</summary>
    public static string? Difference(object? saved, object? loaded, string path)
    {
        if (saved is null || loaded is null)
            return saved is null && loaded is null ? null : path;
        return (saved, loaded) switch
        {
            (double one, double two) => one.Equals(two) && double.IsNegative(one) == double.IsNegative(two) || (double.IsNaN(one) && double.IsNaN(two)) ? null : path,
            (float one, float two) => one.Equals(two) && float.IsNegative(one) == float.IsNegative(two) || (float.IsNaN(one) && float.IsNaN(two)) ? null : path,
            (decimal one, decimal two) => decimal.GetBits(one).SequenceEqual(decimal.GetBits(two)) ? null : path,
            (DateTime one, DateTime two) => one == two && one.Kind == two.Kind ? null : path,
            (DateTimeOffset one, DateTimeOffset two) => one.EqualsExact(two) ? null : path,
            (JsonNode one, JsonNode two) => JsonNode.DeepEquals(one, two) ? null : path,
            (JsonElement one, JsonElement two) => JsonElement.DeepEquals(one, two) ? null : path,
            (string one, string two) => one == two ? null : path,
            (Array one, Array two) => InArrays(one, two, path),
            (IEnumerable one, IEnumerable two) => Comparer(one) ?.Equals(Comparer(two)) is false ? path + ".Comparer" : InSequences(one, two, path),
            _ => saved.GetType() == loaded.GetType() ? InObjects(saved, loaded, path) : path,
        };
    }

    private static string? InArrays(Array saved, Array loaded, string path)
    {
        if (saved.GetType() != loaded.GetType() || !Lengths(saved).SequenceEqual(Lengths(loaded)))
            return path;
        return saved.GetType().GetElementType()!.IsPrimitive && Bytes(saved).SequenceEqual(Bytes(loaded)) ? null : InSequences(saved, loaded, path); // an array has an element type
    }

    private static IEnumerable<int> Lengths(Array array) => Enumerable.Range(0, array.Rank).Select(array.GetLength);

    private static Span<byte> Bytes(Array array) => MemoryMarshal.CreateSpan(ref MemoryMarshal.GetArrayDataReference(array), Buffer.ByteLength(array));

    private static string? InSequences(IEnumerable saved, IEnumerable loaded, string path)
    {
        var (first, second) = (saved.GetEnumerator(), loaded.GetEnumerator());
        for (int index = 0; ; index++)
        {
            bool more = first.MoveNext();
            if (more != second.MoveNext())
                return $"{path}[{index}]";
            if (!more)
                return null;
            if (Difference(first.Current, second.Current, $"{path}[{index}]") is { } difference)
                return difference;
        }
    }

    private static object? Comparer(object collection) => collection.GetType().GetProperty("Comparer", BindingFlags.Instance | BindingFlags.Public)?.GetValue(collection);

    private static string? InObjects(object saved, object loaded, string path)
    {
        if (saved.GetType() is { IsPrimitive: true } or { IsEnum: true } || (saved.GetType() is { IsGenericType: false, Namespace: "System" or "System.Numerics" } && saved.Equals(loaded)))
            return saved.Equals(loaded) ? null : path;
        for (var type = saved.GetType(); type is not null && type != typeof(object); type = type.BaseType)
            foreach (var field in type.GetFields(Fields))
                if (Difference(field.GetValue(saved), field.GetValue(loaded), $"{path}.{NameOf(field)}") is { } difference)
                    return difference;
        return null;
    }

    // "<Value>k__BackingField" of a property, "<value>P" of a primary constructor.
    private static string NameOf(FieldInfo field) => field.Name.StartsWith('<') ? field.Name[1..field.Name.IndexOf('>')] : field.Name;
}
