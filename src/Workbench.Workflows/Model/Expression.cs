using System.Text.Json.Nodes;

namespace Workbench.Workflows.Model;

/// <summary>
/// Where a value comes from. <see cref="Type"/> is one of <see cref="SupportedTypes"/>; <see cref="Value"/> is the literal,
/// the JSON of an object (node or text), a script, or the name of a variable or workflow input (text, or an object with id or name).
/// </summary>
public sealed record Expression(string Type, JsonNode? Value)
{
    /// <summary>A fixed value, converted to the input's type.</summary>
    public const string Literal = "Literal";
    /// <summary>JSON; single-property objects <c>{"$variable":"x"}</c> and <c>{"$input":"x"}</c> in it are replaced by that value.</summary>
    public const string Object = "Object";
    /// <summary>A variable's value.</summary>
    public const string Variable = "Variable";
    /// <summary>A workflow input's value.</summary>
    public const string Input = "Input";

    /// <summary>A script whose value it is; see the README for the functions that it may call.</summary>
    public const string JavaScript = "JavaScript";

    /// <summary>The types that can be evaluated.</summary>
    public static IReadOnlyList<string> SupportedTypes { get; } = [Literal, Object, Variable, Input, JavaScript];

    internal static Expression From(JsonObject json) =>
        new(WorkflowJson.Text(json["type"]) ?? Literal, json["value"]);

    /// <summary>Name or id that a Variable or Input expression refers to; empty when the value has none.</summary>
    internal static string ReferenceName(JsonNode? value) => value switch
    {
        JsonObject reference => WorkflowJson.Text(reference["id"]) ?? WorkflowJson.Text(reference["name"]) ?? "",
        _ => WorkflowJson.Text(value) ?? "",
    };
}
