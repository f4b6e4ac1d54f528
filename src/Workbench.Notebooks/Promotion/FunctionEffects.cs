using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Workbench.Notebooks.Promotion;

/// <summary>
/// What the functions of a notebook, and the lambdas that its variables hold, do to its variables when they are called, with
/// what they call in turn.
/// </summary>
internal sealed class FunctionEffects
{
    private static readonly HashSet<int> None = [];

    private readonly Dictionary<ISymbol, List<VariableAccess>> _accesses = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, HashSet<int>> _mutated = new(SymbolEqualityComparer.Default);

    /// <summary>Learns the functions that a part declares.</summary>
    public void Learn(SyntaxNode root, SemanticModel model)
    {
        foreach (var function in root.DescendantNodes().OfType<MethodDeclarationSyntax>())
            if (model.GetDeclaredSymbol(function) is { ContainingType.IsScriptClass: true } method)
                Learn(method, function, model);
        foreach (var variable in root.DescendantNodes().OfType<VariableDeclaratorSyntax>())
            if (variable.Initializer?.Value is AnonymousFunctionExpressionSyntax lambda && model.GetDeclaredSymbol(variable) is { ContainingType.IsScriptClass: true } field)
                Learn(field, lambda, model);
    }

    /// <summary>Places of the parameters that <paramref name="method"/> changes the objects of.</summary>
    public IReadOnlySet<int> MutatedParameters(IMethodSymbol method) => _mutated.GetValueOrDefault(method.OriginalDefinition, None);

    /// <summary>What calling <paramref name="function"/> does; empty for what is no function.</summary>
    public IReadOnlyList<VariableAccess> Of(ISymbol function)
    {
        var effects = new List<VariableAccess>();
        Collect(function, effects, new(SymbolEqualityComparer.Default));
        return effects;
    }

    private void Collect(ISymbol function, List<VariableAccess> effects, HashSet<ISymbol> seen)
    {
        if (!seen.Add(function) || !_accesses.TryGetValue(function, out var accesses))
            return;
        effects.AddRange(accesses);
        foreach (var access in accesses)
            Collect(access.Symbol, effects, seen);
    }

    private void Learn(ISymbol function, SyntaxNode body, SemanticModel model)
    {
        var accesses = VariableAccess.In(body, model, MutatedParameters).ToList();
        _accesses[function] = [.. accesses.Where(access => access.Symbol is not IParameterSymbol)];
        _mutated[function] = [.. accesses.Where(access => access is { Kind: AccessKind.Mutate }).Select(access => access.Symbol).OfType<IParameterSymbol>().Select(parameter => parameter.Ordinal)];
    }
}
