using System.Text.Json.Nodes;

namespace Workbench.Workflows.Storage;

/// <summary>
/// Something that starts runs of a published definition. <see cref="ActivityId"/> names the trigger activity, or is null
/// for an entry of <c>customProperties.triggers</c>; <see cref="Config"/> holds the activity's inputs beside its customProperties
/// (for example <c>cronExpression</c> and <c>timeZone</c>), or the entry.
/// </summary>
public sealed record WorkflowTrigger(string DefinitionId, int Version, string Type, string? ActivityId, JsonObject Config);
