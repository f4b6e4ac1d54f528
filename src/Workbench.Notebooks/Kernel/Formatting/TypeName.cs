namespace Workbench.Notebooks.Kernel.Formatting;

/// <summary>A type's name for people: without namespaces, generic arguments in angle brackets, <c>?</c> for nullable.</summary>
internal static class TypeName
{
    /// <summary>For example <c>List&lt;Int32&gt;</c>, <c>Double[,]</c>, <c>(Int32, String)</c>, <c>anonymous type</c>.</summary>
    public static string Of(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
            return Of(inner) + "?";
        if (type.IsArray)
            return $"{Of(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]"; // an array has an element type
        if (type.Name.Contains("AnonymousType", StringComparison.Ordinal))
            return "anonymous type";
        int tick = type.Name.IndexOf('`', StringComparison.Ordinal);
        if (tick < 0)
            return type.Name;
        var arguments = string.Join(", ", type.GetGenericArguments().Select(Of));
        return type.FullName?.StartsWith("System.ValueTuple`", StringComparison.Ordinal) == true ? $"({arguments})" : $"{type.Name[..tick]}<{arguments}>";
    }
}
