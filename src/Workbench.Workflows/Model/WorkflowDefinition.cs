using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Workbench.Workflows.Model;

/// <summary>
/// One version of a workflow in Elsa 3's definition format. Properties and activity types that this project does not
/// know are kept and written back; null and absent mean the same.
/// </summary>
public sealed record WorkflowDefinition : JsonRecord
{
    /// <summary>Id of this version; given by the store.</summary>
    public string? Id { get; init; }
    /// <summary>Id of the workflow over all its versions.</summary>
    public string DefinitionId { get; init => field = value ?? ""; } = "";
    /// <summary>Name for people.</summary>
    public string Name { get; init => field = value ?? ""; } = "";
    /// <summary>What the workflow is for, or null.</summary>
    public string? Description { get; init; }
    /// <summary>When this version was first saved.</summary>
    public DateTimeOffset? CreatedAt { get; init; }
    /// <summary>One-based version; 0 before it was saved.</summary>
    public int Version { get; init; }
    /// <summary>Whether this is the newest version.</summary>
    public bool IsLatest { get; init; }
    /// <summary>Whether runs start from this version.</summary>
    public bool IsPublished { get; init; }
    /// <summary>Elsa's options, among them <c>incidentStrategyType</c>.</summary>
    public JsonObject? Options { get; init; }
    /// <summary>Values that activities of one run share.</summary>
    public IReadOnlyList<Variable> Variables { get; init => field = value ?? []; } = [];
    /// <summary>What a run is started with.</summary>
    public IReadOnlyList<WorkflowInput> Inputs { get; init => field = value ?? []; } = [];
    /// <summary>What a run hands on at its end.</summary>
    public IReadOnlyList<WorkflowOutput> Outputs { get; init => field = value ?? []; } = [];
    /// <summary>Free properties, among them <c>triggers</c>.</summary>
    public JsonObject? CustomProperties { get; init; }
    /// <summary>The activities and their connections.</summary>
    public Flowchart Root { get; init => field = value ?? new(); } = new();

    /// <summary>What a failed activity does to its run.</summary>
    [JsonIgnore]
    public IncidentStrategy IncidentStrategy =>
        WorkflowJson.Text(Options?["incidentStrategyType"])?.Contains("ContinueWithIncidents", StringComparison.Ordinal) is true
            ? IncidentStrategy.ContinueWithIncidents
            : IncidentStrategy.Fault;

    /// <summary>Variables of the workflow and of its root, in that order.</summary>
    [JsonIgnore]
    public IEnumerable<Variable> AllVariables => Variables.Concat(Root.Variables);

    /// <summary>Reads a definition from Elsa 3 JSON.</summary>
    /// <exception cref="WorkflowException">The text is no JSON object or a known property has the wrong type; says where.</exception>
    public static WorkflowDefinition Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            return JsonSerializer.Deserialize<WorkflowDefinition>(json, WorkflowJson.Compact)
                ?? throw new WorkflowException("The workflow definition is null. Write a JSON object with definitionId, name and root.");
        }
        catch (JsonException failure)
        {
            throw new WorkflowException(
                $"The workflow definition cannot be read at {failure.Path ?? "$"} (line {failure.LineNumber + 1}): {failure.Message} Correct the JSON there.", failure);
        }
    }

    /// <summary>Reads a definition from a node, such as what the notebook promoter returns.</summary>
    /// <exception cref="WorkflowException">A known property has the wrong type; says where.</exception>
    public static WorkflowDefinition Parse(JsonObject json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return Parse(json.ToJsonString());
    }

    /// <summary>The definition as indented Elsa 3 JSON; <see cref="Parse(string)"/> reads it back unchanged.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, WorkflowJson.Indented);
}
