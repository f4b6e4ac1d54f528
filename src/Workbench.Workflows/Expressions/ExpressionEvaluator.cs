using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Workflows.Model;

namespace Workbench.Workflows.Expressions;

/// <summary>Evaluates expressions to JSON values.</summary>
internal static class ExpressionEvaluator
{
    private const string VariableMarker = "$variable";
    private const string InputMarker = "$input";

    /// <summary>The expression's value as a new node of the named type; null for JSON null.</summary>
    /// <exception cref="WorkflowException">Unknown variable, input or expression type, or a value of the wrong type.</exception>
    public static JsonNode? Evaluate(Expression expression, string typeName, ExpressionScope scope)
    {
        var value = expression.Type switch
        {
            Expression.Literal => expression.Value?.DeepClone(),
            Expression.Object => Replace(ParseObject(expression.Value), scope),
            Expression.Variable or Expression.Input =>
                scope.Read(new(expression.Type, Expression.ReferenceName(expression.Value)))?.DeepClone(),
            Expression.JavaScript => ScriptEvaluator.Evaluate(Script(expression), scope),
            _ => throw new WorkflowException(UnsupportedMessage(expression.Type)),
        };
        return ValueTypes.TryConvert(typeName, value, out var converted, out var problem) ? converted : throw new WorkflowException(problem);
    }

    /// <summary>The variables and workflow inputs that the expression needs.</summary>
    /// <exception cref="WorkflowException">An Object expression whose text is no JSON, or a script that cannot be read.</exception>
    public static IReadOnlyList<ExpressionReference> References(Expression expression) => expression.Type switch
    {
        Expression.Object => [.. Find(ParseObject(expression.Value))],
        Expression.Variable or Expression.Input => [new(expression.Type, Expression.ReferenceName(expression.Value))],
        Expression.JavaScript => ScriptEvaluator.References(Script(expression)),
        _ => [],
    };

    public static string UnsupportedMessage(string type) =>
        $"Expressions of type '{type}' are not supported. Allowed: {string.Join(", ", Expression.SupportedTypes)}. Compute the value in an activity and pass it by a variable.";

    private static string Script(Expression expression) => WorkflowJson.Text(expression.Value) ?? "";

    private static JsonNode? ParseObject(JsonNode? value)
    {
        if (WorkflowJson.Text(value) is not { } text)
            return value?.DeepClone();
        if (text.Length == 0)
            return null;
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException failure)
        {
            throw new WorkflowException($"An Object expression holds '{text}', which is no JSON: {failure.Message}", failure);
        }
    }

    private static JsonNode? Replace(JsonNode? node, ExpressionScope scope)
    {
        if (ReferenceOf(node) is { } reference)
            return scope.Read(reference)?.DeepClone();
        return node switch
        {
            JsonObject json => new JsonObject(json.Select(pair => KeyValuePair.Create(pair.Key, Replace(pair.Value, scope)))),
            JsonArray list => new JsonArray([.. list.Select(item => Replace(item, scope))]),
            _ => node?.DeepClone(),
        };
    }

    private static IEnumerable<ExpressionReference> Find(JsonNode? node)
    {
        if (ReferenceOf(node) is { } reference)
            return [reference];
        return node switch
        {
            JsonObject json => json.SelectMany(pair => Find(pair.Value)),
            JsonArray list => list.SelectMany(Find),
            _ => [],
        };
    }

    private static ExpressionReference? ReferenceOf(JsonNode? node)
    {
        if (node is not JsonObject { Count: 1 } json)
            return null;
        if (WorkflowJson.Text(json[VariableMarker]) is { } variable)
            return new(Expression.Variable, variable);
        return WorkflowJson.Text(json[InputMarker]) is { } input ? new(Expression.Input, input) : null;
    }
}
