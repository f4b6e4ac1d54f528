using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Workbench.Notebooks.Promotion;

/// <summary>What a piece of code does to a variable.</summary>
internal enum AccessKind
{
    /// <summary>Reads it.</summary>
    Read,
    /// <summary>Changes the object that it holds, as far as that can be told from the call.</summary>
    Mutate,
    /// <summary>Gives it a value.</summary>
    Write,
}

/// <summary>One mention of a notebook's variable, function or type, or of a function's parameter.</summary>
internal sealed record VariableAccess(ISymbol Symbol, AccessKind Kind)
{
    // Methods that change what they are called on although they return something.
    private static readonly string[] Mutators =
    [
        "Add", "TryAdd", "AddOrUpdate", "GetOrAdd", "Remove", "TryRemove", "RemoveAll", "RemoveWhere", "RemoveFirst", "RemoveLast", "AddFirst", "AddLast", "AddBefore", "AddAfter",
        "Pop", "TryPop", "Push", "PushRange", "Enqueue", "Dequeue", "TryDequeue", "EnqueueDequeue", "TryUpdate", "Set",
    ];

    // Methods that return nothing and are about the world outside.
    private static readonly string[] Harmless = ["Save", "Write", "Print", "Pretty", "Show", "Display", "Dispose", "Close", "Export", "CopyTo", "ForEach", "Log", "Report", "Validate", "Assert", "Ensure", "Throw", "Deconstruct"];

    /// <summary>All mentions below <paramref name="root"/> in order.</summary>
    /// <param name="root">The code.</param>
    /// <param name="model">Its meaning.</param>
    /// <param name="mutatedParameters">Places of the parameters that a function of the notebook changes.</param>
    public static IEnumerable<VariableAccess> In(SyntaxNode root, SemanticModel model, Func<IMethodSymbol, IReadOnlySet<int>> mutatedParameters) =>
        from name in root.DescendantNodesAndSelf().OfType<SimpleNameSyntax>()
        let symbol = model.GetSymbolInfo(name).Symbol?.OriginalDefinition
        where symbol is IParameterSymbol || symbol?.ContainingType?.IsScriptClass is true
        select new VariableAccess(symbol, KindOf(name, model, mutatedParameters));

    private static AccessKind KindOf(SimpleNameSyntax name, SemanticModel model, Func<IMethodSymbol, IReadOnlySet<int>> mutatedParameters)
    {
        var whole = Unwrapped(name);
        if (IsAssigned(whole))
            return AccessKind.Write;
        for (var part = whole; ; part = Unwrapped((ExpressionSyntax)part.Parent!)) // Parts only go up through expressions
        {
            if (part != whole && IsAssigned(part))
                return AccessKind.Mutate;
            if (part.Parent is InvocationExpressionSyntax call && call.Expression == part)
                return part != whole && IsMutator(call, model) ? AccessKind.Mutate : AccessKind.Read;
            if (part.Parent is ArgumentSyntax argument)
                return ChangesArgument(argument, model, mutatedParameters) ? AccessKind.Mutate : AccessKind.Read;
            bool goesUp = part.Parent switch
            {
                MemberAccessExpressionSyntax access => access.Expression == part,
                ElementAccessExpressionSyntax access => access.Expression == part,
                ConditionalAccessExpressionSyntax access => access.Expression == part,
                _ => false,
            };
            if (part.Parent is ConditionalAccessExpressionSyntax { WhenNotNull: InvocationExpressionSyntax conditional } && goesUp)
                return IsMutator(conditional, model) ? AccessKind.Mutate : AccessKind.Read;
            if (!goesUp)
                return AccessKind.Read;
        }
    }

    private static ExpressionSyntax Unwrapped(ExpressionSyntax expression) => expression.Parent switch
    {
        ParenthesizedExpressionSyntax around => Unwrapped(around),
        PostfixUnaryExpressionSyntax around when around.IsKind(SyntaxKind.SuppressNullableWarningExpression) => Unwrapped(around),
        _ => expression,
    };

    private static bool IsAssigned(ExpressionSyntax expression) => expression.Parent switch
    {
        AssignmentExpressionSyntax assignment => assignment.Left == expression,
        PrefixUnaryExpressionSyntax unary => unary.IsKind(SyntaxKind.PreIncrementExpression) || unary.IsKind(SyntaxKind.PreDecrementExpression) || unary.IsKind(SyntaxKind.AddressOfExpression),
        PostfixUnaryExpressionSyntax unary => unary.IsKind(SyntaxKind.PostIncrementExpression) || unary.IsKind(SyntaxKind.PostDecrementExpression),
        RefExpressionSyntax => true,
        ArgumentSyntax { Parent: TupleExpressionSyntax tuple } => IsAssigned(Unwrapped(tuple)) || tuple.Parent is ForEachVariableStatementSyntax,
        ArgumentSyntax argument => !argument.RefKindKeyword.IsKind(SyntaxKind.None) && !argument.RefKindKeyword.IsKind(SyntaxKind.InKeyword),
        _ => false,
    };

    private static bool IsMutator(InvocationExpressionSyntax call, SemanticModel model)
    {
        if (model.GetSymbolInfo(call).Symbol is not IMethodSymbol method)
            return false;
        if (call.ArgumentList.Arguments.Any(argument => argument.NameColon?.Name.Identifier.ValueText == "inPlace" && argument.Expression.IsKind(SyntaxKind.TrueLiteralExpression)))
            return true;
        var receiver = method.ReceiverType ?? method.ContainingType;
        if (receiver.SpecialType == SpecialType.System_String || receiver.ContainingNamespace?.Name == "Immutable" || Harmless.Any(prefix => method.Name.StartsWith(prefix, StringComparison.Ordinal)))
            return false;
        if (method.ReturnsVoid || method.ReturnType is INamedTypeSymbol { IsGenericType: false, Name: "Task" or "ValueTask" })
            return true;
        return receiver.Name == nameof(System.Text.StringBuilder)
            ? SymbolEqualityComparer.Default.Equals(method.ReturnType, receiver)
            : receiver.IsReferenceType && Mutators.Contains(method.Name) && !SymbolEqualityComparer.Default.Equals(method.ReturnType, receiver);
    }

    private static bool ChangesArgument(ArgumentSyntax argument, SemanticModel model, Func<IMethodSymbol, IReadOnlySet<int>> mutatedParameters)
    {
        if (argument.Parent is not ArgumentListSyntax { Parent: InvocationExpressionSyntax call } list || model.GetSymbolInfo(call).Symbol?.OriginalDefinition is not IMethodSymbol method)
            return false;
        if (method.ContainingType.IsScriptClass)
            return mutatedParameters(method).Contains(PlaceOf(argument, list, method));
        int index = list.Arguments.IndexOf(argument);
        return method is { ReturnsVoid: true, Name: "Shuffle" } || (method.ContainingType.SpecialType == SpecialType.System_Array && method.ReturnsVoid && index == (method.Name is "Copy" or "ConstrainedCopy" ? method.Parameters.Length / 2 : 0));
    }

    private static int PlaceOf(ArgumentSyntax argument, ArgumentListSyntax list, IMethodSymbol method) => argument.NameColon is { } named
        ? method.Parameters.FirstOrDefault(parameter => parameter.Name == named.Name.Identifier.ValueText)?.Ordinal ?? -1
        : list.Arguments.IndexOf(argument);
}
