using System.Text.Json.Nodes;

namespace Workbench.Notebooks.Parameters;

/// <summary>A variable that the cell tagged <c>parameters</c> declares.</summary>
/// <param name="Name">Its name.</param>
/// <param name="TypeName">Its type in the notebook's language (the inferred one where the cell says <c>var</c>), or null when unknown.</param>
/// <param name="Default">Its value where that is written as a literal, else null.</param>
public sealed record NotebookParameter(string Name, string? TypeName, JsonNode? Default)
{
    /// <summary>The default as it is written, or null when there is none.</summary>
    public string? DefaultText { get; init; }

    /// <summary>The comment behind it, or null.</summary>
    public string? Description { get; init; }

    /// <summary>Names of the values of an enumeration; empty for any other type.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Word before the type in a new declaration, such as <c>const</c>; null when the cell only assigns.</summary>
    internal string? Declaration { get; init; } = "";
}
