using System.Text.Json.Nodes;

namespace Workbench.Notebooks.Parameters;

/// <summary>A variable that the cell tagged <c>parameters</c> declares.</summary>
/// <param name="Name">Its name.</param>
/// <param name="TypeName">Its type as C# source (of a literal's own type where the cell says <c>var</c>), or null when unknown.</param>
/// <param name="Default">Its value where that is written as a literal, else null.</param>
public sealed record NotebookParameter(string Name, string? TypeName, JsonNode? Default);
