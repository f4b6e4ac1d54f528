using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Workbench.Notebooks.Kernel.CSharp;

/// <summary>Writes a type as C# source, as a cell can name it.</summary>
internal static partial class CSharpTypeName
{
    /// <summary>For example <c>System.Collections.Generic.List&lt;System.Int32&gt;</c>; a type declared in a cell is written without its submission.</summary>
    public static string Of(Type type)
    {
        if (type.IsArray)
            return $"{Of(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]"; // an array has an element type
        if (type.IsGenericParameter || type.IsPointer || type.IsByRef)
            return type.Name;
        var arguments = new Queue<Type>(type.GetGenericArguments());
        return string.Join('.', Nesting(type).Select(level => WithArguments(level, arguments)));
    }

    /// <summary>Whether a cell can write the type's name: anonymous and compiler-made types have none.</summary>
    public static bool CanBeNamed(Type type)
    {
        if (type.HasElementType)
            return CanBeNamed(type.GetElementType()!); // checked by HasElementType
        bool named = !type.Name.Contains('<') && !(type.IsDefined(typeof(CompilerGeneratedAttribute), false) && type.Name.Contains("Anonymous"));
        return named && type.GetGenericArguments().All(CanBeNamed);
    }

    /// <summary>The type's name where a cell can reach it, else that of the sequence or base that it can.</summary>
    public static string Reachable(Type type)
    {
        if (CanBeNamed(type) && IsReachable(type))
            return Of(type);
        var sequence = type.GetInterfaces().FirstOrDefault(one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IEnumerable<>) && CanBeNamed(one) && IsReachable(one));
        return sequence is not null ? Of(sequence) : type.BaseType is { } parent && parent != typeof(ValueType) ? Reachable(parent) : "object";
    }

    private static bool IsReachable(Type type) => type.HasElementType
        ? IsReachable(type.GetElementType()!) // checked by HasElementType
        : (type.IsVisible || Nesting(type).First() != OutermostOf(type)) && type.GetGenericArguments().All(IsReachable);

    private static Type OutermostOf(Type type) => type.DeclaringType is { } outer ? OutermostOf(outer) : type;

    private static IEnumerable<Type> Nesting(Type type)
    {
        var levels = new Stack<Type>();
        for (var level = type; level is not null && !SubmissionName().IsMatch(level.Name); level = level.DeclaringType)
            levels.Push(level);
        return levels;
    }

    private static string WithArguments(Type level, Queue<Type> arguments)
    {
        var name = level is { DeclaringType: null, Namespace.Length: > 0 } ? $"{level.Namespace}.{level.Name}" : level.Name;
        int tick = name.IndexOf('`');
        if (tick < 0)
            return name;
        int count = int.Parse(name.AsSpan(tick + 1), System.Globalization.CultureInfo.InvariantCulture);
        return $"{name[..tick]}<{string.Join(", ", Enumerable.Range(0, count).Select(_ => Of(arguments.Dequeue())))}>";
    }

    [GeneratedRegex(@"^Submission#\d+$")]
    private static partial Regex SubmissionName();
}
