using System.Text.Json.Nodes;

namespace Workbench.Notebooks.Promotion;

/// <summary>How a notebook becomes a pipeline. When a definition is brought up to date, what is left out here is as it was.</summary>
public sealed record PromotionOptions
{
    private const string DefaultCandidate = "candidate";

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
    public string CandidateVariable { get; init; } = DefaultCandidate;

    /// <summary>Other reasons to start: objects with a <c>type</c> such as <c>drift</c> or <c>metric</c> and what the host needs to know.</summary>
    public IReadOnlyList<JsonObject> Triggers { get; init; } = [];

    /// <summary>Defaults of the workflow's inputs that differ from the notebook's own, by parameter: a pipeline wants the present where a tutorial has a date.</summary>
    public IReadOnlyDictionary<string, JsonNode?> Defaults { get; init; } = new Dictionary<string, JsonNode?>();

    /// <summary>The definition to bring up to date; null makes a new one.</summary>
    public JsonObject? Existing { get; init; }

    /// <summary>What a later promotion needs not be told again.</summary>
    internal JsonObject ToJson() => new()
    {
        ["cron"] = Cron,
        ["timeZone"] = TimeZone,
        ["model"] = ModelName,
        ["candidate"] = CandidateVariable,
        ["triggers"] = new JsonArray([.. Triggers.Select(trigger => trigger.DeepClone())]),
        ["defaults"] = new JsonObject(Defaults.Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone()))),
    };

    /// <summary>These options, and those of the last promotion where these say nothing.</summary>
    internal PromotionOptions WithDefaultsFrom(JsonObject last)
    {
        var defaults = (last["defaults"] as JsonObject ?? []).ToDictionary(pair => pair.Key, pair => pair.Value?.DeepClone());
        foreach (var (name, value) in Defaults)
            defaults[name] = value;
        return this with
        {
            Cron = Cron ?? (string?)last["cron"],
            TimeZone = TimeZone ?? (string?)last["timeZone"],
            ModelName = ModelName ?? (string?)last["model"],
            CandidateVariable = CandidateVariable == DefaultCandidate ? (string?)last["candidate"] ?? DefaultCandidate : CandidateVariable,
            Triggers = Triggers.Count > 0 ? Triggers : [.. (last["triggers"] as JsonArray ?? []).OfType<JsonObject>().Select(trigger => trigger.DeepClone().AsObject())],
            Defaults = defaults,
        };
    }
}
