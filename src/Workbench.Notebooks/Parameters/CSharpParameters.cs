using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Workbench.Notebooks.Kernel.CSharp;

namespace Workbench.Notebooks.Parameters;

/// <summary>
/// Parameters in C#: what the cell declares or assigns at its top level. The injected cell declares each anew, which hides
/// the earlier variable from the cells behind it; a function of the parameters cell goes on to see the old one, as with papermill.
/// </summary>
internal sealed class CSharpParameters : ParameterLanguage
{
    public override string Comment => "//";

    public override IEnumerable<NotebookParameter> Read(string source, IReadOnlyList<string> earlier)
    {
        var tree = CSharpSyntaxTree.ParseText(WithoutLanguageLine(source), ScriptEnvironment.ParseOptions);
        var types = new Lazy<SemanticModel>(() => Analyse(tree, earlier));
        foreach (var member in tree.GetCompilationUnitRoot().Members)
        {
            var parameters = member switch
            {
                FieldDeclarationSyntax field => field.Declaration.Variables.Select(variable => Declared(field, variable, types)),
                GlobalStatementSyntax { Statement: ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax assignment } } => Assigned(assignment, types),
                _ => [],
            };
            foreach (var parameter in parameters)
                yield return parameter with { Description = Remark(member) };
        }
    }

    public override string Assign(NotebookParameter parameter, JsonNode? value)
    {
        var name = SyntaxFacts.GetKeywordKind(parameter.Name) == SyntaxKind.None ? parameter.Name : "@" + parameter.Name;
        var literal = CSharpLiteral.Write(value, parameter.TypeName, parameter.Choices);
        return parameter.Declaration is { } word ? $"{word}{parameter.TypeName ?? (value is null ? "object?" : "var")} {name} = {literal};" : $"{name} = {literal};";
    }

    public override JsonNode? FromText(NotebookParameter parameter, string text) => CSharpLiteral.Kind(parameter.TypeName) switch
    {
        CSharpLiteral.ValueKind.Unknown => ParameterText.Resolve(text),
        _ when text is "None" or "null" && parameter.TypeName is { } type && type.EndsWith('?') && (text == "None" || type != "string?") => null,
        CSharpLiteral.ValueKind.Text => JsonValue.Create(text),
        CSharpLiteral.ValueKind.Number => ParameterText.Number(text) ?? JsonValue.Create(text),
        CSharpLiteral.ValueKind.Flag when bool.TryParse(text, out bool flag) => JsonValue.Create(flag),
        CSharpLiteral.ValueKind.Structure => Structure(text),
        _ => JsonValue.Create(text),
    };

    private static NotebookParameter Declared(FieldDeclarationSyntax field, VariableDeclaratorSyntax variable, Lazy<SemanticModel> types)
    {
        var initial = variable.Initializer?.Value;
        var declared = field.Declaration.Type;
        var value = Literal(initial);
        string? typeName = declared.IsVar ? Keyword(value) : declared.ToString();
        ITypeSymbol? symbol = null;
        if (typeName is null || CSharpLiteral.Kind(typeName) == CSharpLiteral.ValueKind.Other)
            symbol = types.Value.GetDeclaredSymbol(variable) is IFieldSymbol { Type: var type } && type.TypeKind != TypeKind.Error ? type : null;
        return new(variable.Identifier.ValueText, typeName ?? symbol?.ToMinimalDisplayString(types.Value, variable.SpanStart), ToJson(value) ?? List(initial))
        {
            DefaultText = initial?.ToString(),
            Choices = Members(symbol),
            Declaration = field.Modifiers.Any(SyntaxKind.ConstKeyword) ? "const " : "",
        };
    }

    // "x = 5;" of a variable that an earlier cell declares, and "var (a, b) = (1, 2);".
    private static IEnumerable<NotebookParameter> Assigned(AssignmentExpressionSyntax assignment, Lazy<SemanticModel> types)
    {
        if (assignment.Left is DeclarationExpressionSyntax { Designation: ParenthesizedVariableDesignationSyntax names })
        {
            var values = assignment.Right is TupleExpressionSyntax tuple ? tuple.Arguments.Select(argument => argument.Expression).ToList() : [];
            return names.Variables.OfType<SingleVariableDesignationSyntax>().Select((name, index) =>
                new NotebookParameter(name.Identifier.ValueText, Keyword(Literal(values.ElementAtOrDefault(index))), ToJson(Literal(values.ElementAtOrDefault(index)))) { DefaultText = values.ElementAtOrDefault(index)?.ToString() });
        }
        if (assignment.Left is not IdentifierNameSyntax target || !assignment.IsKind(SyntaxKind.SimpleAssignmentExpression))
            return [];
        var type = types.Value.GetTypeInfo(target).Type is { TypeKind: not TypeKind.Error } known ? known : null;
        return [new(target.Identifier.ValueText, type?.ToMinimalDisplayString(types.Value, target.SpanStart), ToJson(Literal(assignment.Right)) ?? List(assignment.Right))
        {
            DefaultText = assignment.Right.ToString(), Choices = Members(type), Declaration = null,
        }];
    }

    // Each earlier cell as a submission of its own, as the kernel runs them: their usings and types are known to the later ones.
    private static SemanticModel Analyse(SyntaxTree tree, IReadOnlyList<string> earlier)
    {
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, usings: ScriptEnvironment.Imports);
        CSharpCompilation? previous = null;
        foreach (var source in earlier.Where(source => LanguageLine(source) is null))
            previous = CSharpCompilation.CreateScriptCompilation("earlier", CSharpSyntaxTree.ParseText(source, ScriptEnvironment.ParseOptions), ScriptEnvironment.References, options, previous);
        return CSharpCompilation.CreateScriptCompilation("parameters", tree, ScriptEnvironment.References, options, previous).GetSemanticModel(tree);
    }

    private static IReadOnlyList<string> Members(ITypeSymbol? type)
    {
        var plain = type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable ? nullable.TypeArguments[0] : type;
        return plain?.TypeKind == TypeKind.Enum ? plain.GetMembers().OfType<IFieldSymbol>().Where(member => member.IsConst).Select(member => member.Name).ToList() : [];
    }

    private static string? Remark(SyntaxNode member)
    {
        var comment = member.GetTrailingTrivia().FirstOrDefault(trivia => trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia));
        return comment.IsKind(SyntaxKind.None) ? null : comment.ToString().Trim('/', '*', ' ') is { Length: > 0 } text ? text : null;
    }

    private static string? Keyword(object? value) => value switch
    {
        string => "string", bool => "bool", int => "int", long => "long", float => "float", double => "double", decimal => "decimal", char => "char", uint => "uint", ulong => "ulong",
        _ => null,
    };

    private static object? Literal(ExpressionSyntax? expression) => expression switch
    {
        LiteralExpressionSyntax literal => literal.Token.Value,
        PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.UnaryMinusExpression, Operand: LiteralExpressionSyntax literal } => literal.Token.Value switch
        {
            int number => -number,
            uint number when number == 2147483648 => int.MinValue,
            uint number => -(long)number,
            long number => -number,
            ulong number when number == 9223372036854775808 => long.MinValue,
            float number => -number,
            double number => -number,
            decimal number => -number,
            _ => null,
        },
        _ => null,
    };

    private static JsonNode? ToJson(object? value) => value is null ? null : JsonSerializer.SerializeToNode(value, value.GetType());

    // [1, 2], { 1, 2 }, new[] { 1, 2 } and new List<int> { 1, 2 }, where every element is a literal.
    private static JsonArray? List(ExpressionSyntax? expression)
    {
        IEnumerable<ExpressionSyntax?>? elements = expression switch
        {
            CollectionExpressionSyntax list => list.Elements.Select(element => (element as ExpressionElementSyntax)?.Expression),
            InitializerExpressionSyntax list => list.Expressions,
            ImplicitArrayCreationExpressionSyntax array => array.Initializer.Expressions,
            ArrayCreationExpressionSyntax { Initializer: { } list } => list.Expressions,
            BaseObjectCreationExpressionSyntax { Initializer: { RawKind: (int)SyntaxKind.CollectionInitializerExpression } list } => list.Expressions,
            _ => null,
        };
        var values = elements?.Select(element => ToJson(Literal(element)) ?? List(element)).ToList();
        return values is null || values.Contains(null) ? null : new JsonArray(values.ToArray());
    }

    private static JsonNode? Structure(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }
}
