namespace Workbench.Notebooks.Promotion;

/// <summary>A step of a pipeline: the cells of a notebook that carry its tag.</summary>
public sealed record NotebookStep
{
    /// <summary>Name, from the tag <c>step:NAME</c>.</summary>
    public required string Name { get; init; }
    /// <summary>Ids of its cells, in order.</summary>
    public required IReadOnlyList<string> CellIds { get; init; }
    /// <summary>Variables that it takes from earlier steps; null when the author did not say.</summary>
    public IReadOnlyList<string>? Inputs { get; init; }
    /// <summary>Variables that it hands on; null when the author did not say.</summary>
    public IReadOnlyList<string>? Outputs { get; init; }
    /// <summary>Longest time for one attempt; null when the author did not say.</summary>
    public TimeSpan? Timeout { get; init; }
    /// <summary>How often a failed attempt is repeated; null when the author did not say.</summary>
    public int? Retries { get; init; }
}
