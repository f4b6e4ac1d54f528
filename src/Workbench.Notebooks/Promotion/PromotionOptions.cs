using System.Text.Json.Nodes;

namespace Workbench.Notebooks.Promotion;

/// <summary>How a notebook becomes a pipeline.</summary>
public sealed record PromotionOptions
{
    /// <summary>Id of the workflow, the same over all its versions, such as <c>churn-retrain</c>.</summary>
    public required string DefinitionId { get; init; }

    /// <summary>Name for people; null takes the id.</summary>
    public string? Name { get; init; }

    /// <summary>Folder against which the definition names the notebook; null takes the current one.</summary>
    public string? BaseDirectory { get; init; }

    /// <summary>When to start by itself, in cron syntax; null for no schedule.</summary>
    public string? Cron { get; init; }

    /// <summary>IANA time zone of <see cref="Cron"/>; null for UTC.</summary>
    public string? TimeZone { get; init; }

    /// <summary>Model whose champion a new version must beat; null appends neither gate nor promotion.</summary>
    public string? ModelName { get; init; }

    /// <summary>Variable of a step that holds the new version for the gate; used with <see cref="ModelName"/>.</summary>
    public string CandidateVariable { get; init; } = "candidate";

    /// <summary>Other reasons to start: objects with a <c>type</c> such as <c>drift</c> or <c>metric</c> and what the host needs to know.</summary>
    public IReadOnlyList<JsonObject> Triggers { get; init; } = [];

    /// <summary>Defaults of the workflow's inputs that differ from the notebook's own, by parameter: a pipeline wants the present where a tutorial has a date.</summary>
    public IReadOnlyDictionary<string, JsonNode?> Defaults { get; init; } = new Dictionary<string, JsonNode?>();

    /// <summary>The definition to bring up to date, whose layout is kept; null makes a new one.</summary>
    public JsonObject? Existing { get; init; }
}
