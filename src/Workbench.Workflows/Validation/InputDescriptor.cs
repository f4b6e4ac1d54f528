using System.Text.Json.Nodes;

namespace Workbench.Workflows.Validation;

/// <summary>One input of an activity type. In JSON its name is written in camelCase.</summary>
public sealed partial record InputDescriptor(string Name, string TypeName = "String")
{
    /// <summary>Label for people, or null for the name.</summary>
    public string? DisplayName { get; init; }
    /// <summary>What the value is for, with its unit.</summary>
    public string? Description { get; init; }
    /// <summary>Whether a definition that gives none is refused.</summary>
    public bool IsRequired { get; init; }
    /// <summary>Value when a definition gives none, or null.</summary>
    public JsonNode? DefaultValue { get; init; }
    /// <summary>The only literals that are allowed; empty for any.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];
    /// <summary>Values to choose from for an input that takes a list of them; empty for any.</summary>
    public IReadOnlyList<string> ListChoices { get; init; } = [];
    /// <summary>Whether definitions write the value with a type and an expression; false for a bare JSON value, as Elsa's variable of SetVariable.</summary>
    public bool IsWrapped { get; init; } = true;
    /// <summary>Elsa's editor for the value, for example <c>singleline</c>, <c>dropdown</c>, <c>json-editor</c>.</summary>
    public string UiHint { get; init; } = "singleline";
}
