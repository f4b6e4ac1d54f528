using System.Text.Json.Nodes;

namespace Workbench.Drift.Streams;

/// <summary>A detector that takes over what another of its kind had remembered.</summary>
internal interface IRestorable
{
    /// <exception cref="System.Text.Json.JsonException">The memory is none of this detector.</exception>
    void Restore(DriftState state, JsonNode memory);
}
