using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Workbench.Data;
using Workbench.Notebooks.Format;
using Workbench.Notebooks.Kernel.CSharp;

namespace Workbench.Notebooks.Parameters;

/// <summary>Parameters of a notebook, in papermill's conventions.</summary>
public static partial class NotebookParameters
{
    /// <summary>What the cells tagged <c>parameters</c> declare, in order; empty when there is no such cell.</summary>
    public static IReadOnlyList<NotebookParameter> Read(NotebookDocument document)
    {
        var sources = document.Cells.Where(cell => cell.Type == CellType.Code && cell.HasTag(CellTags.Parameters)).Select(cell => cell.Source);
        return sources.SelectMany(source => IsPython(document) ? ReadPython(source) : ReadCSharp(source)).ToList();
    }

    /// <summary>Inserts the cell tagged <c>injected-parameters</c> behind the last one tagged <c>parameters</c>, replacing an earlier injected one.</summary>
    /// <exception cref="DataException">A name is not declared (the message lists the declared ones), or a value does not fit its type.</exception>
    internal static void Inject(NotebookDocument document, IReadOnlyDictionary<string, JsonNode?> values, string origin)
    {
        foreach (var earlier in document.Cells.Where(cell => cell.HasTag(CellTags.InjectedParameters)).ToList())
            document.Cells.Remove(earlier);
        if (values.Count == 0)
            return;
        var declared = Read(document).ToDictionary(parameter => parameter.Name, StringComparer.Ordinal);
        RefuseUnknown(declared.Keys, values.Keys, origin);
        var lines = values.Select(pair => Assignment(document, declared[pair.Key], pair.Value, origin));
        var cell = NotebookCell.Code("injected-parameters", "// Parameters of this run\n" + string.Join('\n', lines), CellTags.InjectedParameters);
        if (IsPython(document))
            cell.Source = cell.Source.Replace("// ", "# ", StringComparison.Ordinal);
        int place = document.Cells.IndexOf(document.Cells.Last(candidate => candidate.HasTag(CellTags.Parameters)));
        document.Cells.Insert(place + 1, cell);
    }

    private static void RefuseUnknown(IReadOnlyCollection<string> declared, IEnumerable<string> given, string origin)
    {
        var unknown = given.Where(name => !declared.Contains(name)).ToList();
        if (unknown.Count == 0)
            return;
        var known = declared.Count == 0 ? "none: tag the cell that declares them 'parameters'" : string.Join(", ", declared);
        throw new DataException($"Notebook '{origin}' has no parameter '{string.Join("', '", unknown)}'. Known: {known}.") { Origin = origin, Value = unknown[0] };
    }

    private static string Assignment(NotebookDocument document, NotebookParameter parameter, JsonNode? value, string origin)
    {
        try
        {
            return IsPython(document)
                ? $"{parameter.Name} = {ParameterLiteral.Python(value)}"
                : $"{parameter.TypeName ?? "var"} {parameter.Name} = {ParameterLiteral.CSharp(value, parameter.TypeName)};";
        }
        catch (FormatException failure)
        {
            throw new DataException($"Parameter '{parameter.Name}' of notebook '{origin}': {failure.Message}", failure) { Origin = origin, Column = parameter.Name, Value = value?.ToString() };
        }
    }

    private static bool IsPython(NotebookDocument document) => document.Language == "python";

    private static IEnumerable<NotebookParameter> ReadCSharp(string source) =>
        from field in CSharpSyntaxTree.ParseText(source, ScriptEnvironment.ParseOptions).GetCompilationUnitRoot().Members.OfType<FieldDeclarationSyntax>()
        from variable in field.Declaration.Variables
        let value = Literal(variable.Initializer?.Value)
        select new NotebookParameter(variable.Identifier.ValueText, TypeName(field.Declaration.Type, value), ToJson(value));

    private static string? TypeName(TypeSyntax type, object? value)
    {
        if (!type.IsVar)
            return type.ToString();
        return value is null ? null : CSharpKeyword(value);
    }

    private static string? CSharpKeyword(object value) => value switch
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
            long number => -number,
            float number => -number,
            double number => -number,
            decimal number => -number,
            var other => other,
        },
        _ => null,
    };

    private static JsonNode? ToJson(object? value) => value is null ? null : JsonSerializer.SerializeToNode(value, value.GetType());

    private static IEnumerable<NotebookParameter> ReadPython(string source) =>
        PythonAssignment().Matches(source).Select(match => new NotebookParameter(match.Groups[1].Value, null, null));

    [GeneratedRegex(@"^([A-Za-z_]\w*)\s*(?::[^=\n]+)?=(?!=)", RegexOptions.Multiline)]
    private static partial Regex PythonAssignment();
}
