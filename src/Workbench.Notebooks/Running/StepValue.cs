using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Workbench.Notebooks.Running;

/// <summary>A value that one step hands to another.</summary>
/// <param name="Name">Name of the variable in the notebook.</param>
/// <param name="Kind">How it travels.</param>
/// <param name="Type">Its type as C# source, so that the next step can declare it.</param>
/// <param name="Json">The value of a <see cref="StepValueKind.Json"/>.</param>
/// <param name="Folder">Full path of the files of a <see cref="StepValueKind.Artifact"/>.</param>
public sealed record StepValue(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("kind")] StepValueKind Kind,
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("json")] JsonNode? Json = null,
    [property: JsonPropertyName("folder")] string? Folder = null);
