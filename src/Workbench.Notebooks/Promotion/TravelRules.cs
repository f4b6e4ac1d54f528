using Microsoft.CodeAnalysis;

namespace Workbench.Notebooks.Promotion;

/// <summary>What can be told from a variable's type about whether its value can go to another step. The run checks the value itself.</summary>
/// <param name="isOfAStep">Whether a type is declared in a cell that not every step runs.</param>
internal sealed class TravelRules(Func<ISymbol, bool> isOfAStep)
{
    private static readonly string[] Lazy = ["IEnumerable", "IQueryable", "IOrderedEnumerable", "IOrderedQueryable", "IGrouping", "ILookup", "IEnumerator", "IAsyncEnumerable", "ParallelQuery"];
    private static readonly string[] Collections = ["IReadOnlyList", "IList", "ICollection", "IReadOnlyCollection", "IDictionary", "IReadOnlyDictionary", "ISet"];
    private static readonly string[] LostInJson = ["Stack", "ConcurrentStack", "ConcurrentBag", "PriorityQueue", "BitArray", "Regex", "Stopwatch", "Type", "BigInteger", "Complex", "Lazy"];
    private static readonly string[] Files = ["System.IO.FileInfo", "System.IO.DirectoryInfo", "Microsoft.Data.Analysis.DataFrame", "TorchSharp.torch.Tensor"];

    /// <summary>Why a value of this type cannot travel, as the end of a sentence; null when it can, or only the value will tell.</summary>
    public string? WhyNot(ITypeSymbol type) => WhyNot(type, new(SymbolEqualityComparer.Default));

    /// <summary>Whether values of this type are collections or tables: data, which a step changes to hand it on.</summary>
    public static bool IsData(ITypeSymbol type) =>
        type is IArrayTypeSymbol || FullName(type) == Files[2] || type.ContainingNamespace?.ToDisplayString().StartsWith("System.Collections", StringComparison.Ordinal) is true;

    private string? WhyNot(ITypeSymbol type, HashSet<ITypeSymbol> seen)
    {
        if (!seen.Add(type) || type.TypeKind is TypeKind.Dynamic or TypeKind.Error || type.SpecialType == SpecialType.System_Object)
            return null;
        if (type is IArrayTypeSymbol array)
            return WhyNot(array.ElementType, seen);
        if (type.IsAnonymousType)
            return "it is of an anonymous type; declare a record for it in a cell tagged 'setup'";
        if (!type.IsTupleType && isOfAStep(type))
            return $"the type '{type.Name}' is declared in a step; move it to a cell tagged 'setup'";
        if (Files.Contains(FullName(type)) || type.AllInterfaces.Any(one => one.Name == nameof(Data.IArtifactValue<>)))
            return null;
        return OfKind(type) ?? OfParts(type, seen);
    }

    private static string? OfKind(ITypeSymbol type)
    {
        if (type.TypeKind == TypeKind.Delegate)
            return "it is a function; declare it in a cell tagged 'setup'";
        if (type.TypeKind is TypeKind.Pointer or TypeKind.FunctionPointer)
            return "it is a pointer";
        if (type.Name is "Task" or "ValueTask" && FullName(type).StartsWith("System.Threading.Tasks.", StringComparison.Ordinal))
            return "it is work that may still run; await it";
        if (Lazy.Contains(type.Name) && type.ContainingNamespace?.ToDisplayString().StartsWith("System", StringComparison.Ordinal) is true)
            return "it is evaluated when it is read; call .ToList()";
        if (IsA(type, "TorchSharp.torch.nn.Module"))
            return "a network cannot be built without its code; hand on its state_dict() as a Dictionary<string, torch.Tensor> and load it into a new network";
        if (type.Name == nameof(System.Text.StringBuilder))
            return "hand on its text, ToString()";
        if (LostInJson.Contains(type.Name) && type.ContainingNamespace?.ToDisplayString().StartsWith("System", StringComparison.Ordinal) is true)
            return "JSON does not keep it as it is; hand on a list, an array or a text of it";
        if (IsA(type, "System.Random"))
            return "its state cannot be saved; seed another in the step that needs it";
        if (type.AllInterfaces.Any(one => one.SpecialType == SpecialType.System_IDisposable) || type.SpecialType == SpecialType.System_IDisposable)
            return "it holds a resource of this process";
        return type.TypeKind == TypeKind.Interface && !Collections.Contains(type.Name) ? "an interface does not say which class to build; declare the variable with its class" : null;
    }

    private string? OfParts(ITypeSymbol type, HashSet<ITypeSymbol> seen)
    {
        if (type is not INamedTypeSymbol named || IsTensors(named))
            return null;
        foreach (var argument in named.TypeArguments)
            if (WhyNot(argument, seen) is { } why)
                return $"it holds {argument.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}, and {why}";
        if (!type.Locations.Any(location => location.IsInSource))
            return null;
        foreach (var property in type.GetMembers().OfType<IPropertySymbol>().Where(property => property is { IsStatic: false, IsIndexer: false, DeclaredAccessibility: Accessibility.Public, IsImplicitlyDeclared: false }))
            if (!property.Type.Name.StartsWith("IEnumerable", StringComparison.Ordinal) && WhyNot(property.Type, seen) is { } why)
                return $"its property {property.Name} is a {property.Type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}, and {why}";
        return null;
    }

    private static bool IsTensors(INamedTypeSymbol type) => type is { Name: "Dictionary", TypeArguments: [{ SpecialType: SpecialType.System_String }, var value] } && FullName(value) == "TorchSharp.torch.Tensor";

    private static bool IsA(ITypeSymbol type, string name)
    {
        for (var level = type; level is not null; level = level.BaseType)
            if (FullName(level).Split('<')[0] == name)
                return true;
        return false;
    }

    private static string FullName(ITypeSymbol type) => type.ToDisplayString();
}
