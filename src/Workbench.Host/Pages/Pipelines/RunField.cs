using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Workflows.Model;

namespace Workbench.Host.Pages.Pipelines;

/// <summary>One input of a run in the form that starts it: what is typed, and the value that it means.</summary>
internal sealed class RunField
{
    private static readonly string[] WholeTypes = ["Int16", "Int32", "Int64", "Byte"];
    private static readonly string[] RealTypes = ["Single", "Double", "Decimal"];

    public RunField(WorkflowInput input)
    {
        Input = input;
        Text = input.DefaultValue switch
        {
            null => Kind == FieldKind.Truth ? "false" : "",
            JsonValue value when value.TryGetValue(out string? text) => text,
            var other => Kind == FieldKind.Json ? PageText.Json(other) : other.ToJsonString(),
        };
    }

    public WorkflowInput Input { get; }

    /// <summary>What is typed.</summary>
    public string Text { get; set; }

    /// <summary>Which control it has.</summary>
    public FieldKind Kind => Input.IsArray ? FieldKind.Json
        : TypeName == "Boolean" ? FieldKind.Truth
        : WholeTypes.Contains(TypeName) ? FieldKind.Whole
        : RealTypes.Contains(TypeName) ? FieldKind.Real
        : TypeName is "Object" or "JsonObject" or "JsonNode" or "ObjectDictionary" ? FieldKind.Json : FieldKind.Text;

    /// <summary>What is wrong with what is typed, or null.</summary>
    public string? Problem { get; private set; }

    /// <summary>The type for people.</summary>
    public string TypeName => Input.Type.Split('.')[^1];

    /// <summary>The value, or null for none; sets <see cref="Problem"/>.</summary>
    public JsonNode? Read()
    {
        var text = Text.Trim();
        (var value, Problem) = text.Length == 0
            ? (null, Input.IsRequired ? "A run needs it." : null)
            : Kind switch
            {
                FieldKind.Truth => (JsonValue.Create(text == "true"), null),
                FieldKind.Whole => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) ? (JsonValue.Create(whole), null) : (null, $"'{text}' is no whole number, such as 42."),
                FieldKind.Real => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double real) && double.IsFinite(real) ? (JsonValue.Create(real), null) : (null, $"'{text}' is no number, such as 0.25."),
                FieldKind.Json => ReadJson(text),
                _ => ((JsonNode?)JsonValue.Create(Text), (string?)null),
            };
        return value;
    }

    private static (JsonNode?, string?) ReadJson(string text)
    {
        try
        {
            return (JsonNode.Parse(text), null);
        }
        catch (JsonException failure)
        {
            return (null, $"This is no JSON: {failure.Message} A text stands in quotes.");
        }
    }
}
