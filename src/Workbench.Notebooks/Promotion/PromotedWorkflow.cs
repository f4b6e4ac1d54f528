using System.Text.Json.Nodes;

namespace Workbench.Notebooks.Promotion;

/// <summary>A definition and what the promotion did to it.</summary>
public sealed record PromotedWorkflow
{
    /// <summary>The definition as Elsa 3 JSON.</summary>
    public required JsonObject Definition { get; init; }
    /// <summary>The notebook, as the definition names it.</summary>
    public required string Notebook { get; init; }
    /// <summary>Activities that are new, by id.</summary>
    public IReadOnlyList<string> Added { get; init; } = [];
    /// <summary>Activities of the promotion that changed, by id and what changed.</summary>
    public IReadOnlyList<string> Updated { get; init; } = [];
    /// <summary>Activities that the notebook no longer has, by id and what became of their connections.</summary>
    public IReadOnlyList<string> Removed { get; init; } = [];
    /// <summary>What was drawn or edited in the designer and stays, by activity.</summary>
    public IReadOnlyList<string> Kept { get; init; } = [];
    /// <summary>What the promotion could not decide and a person should look at.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
