using System.Text.Json.Nodes;

namespace Workbench.Distributed.Launch;

/// <summary>A model that a job has registered. The registry reports it by itself when a rank registers one.</summary>
/// <param name="Name">The model's name in the registry.</param>
/// <param name="Version">Its version, from 1.</param>
public sealed record JobModel(string Name, int Version)
{
    private const string Key = "model";

    /// <summary>The report that tells of it: an object <c>model</c>.</summary>
    public JsonObject ToJson() => new() { [Key] = new JsonObject { ["name"] = Name, ["version"] = Version } };

    /// <summary>The model that a report tells of; null when it tells of none.</summary>
    public static JobModel? Read(JsonObject report) =>
        report[Key] is JsonObject model && model["name"] is JsonValue name && name.TryGetValue(out string? text) && model["version"] is JsonValue version && version.TryGetValue(out int number)
            ? new(text, number)
            : null;

    /// <summary>As <c>name v3</c>.</summary>
    public override string ToString() => $"{Name} v{Version}";
}
