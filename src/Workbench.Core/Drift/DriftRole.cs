using System.Text.Json.Serialization;

namespace Workbench.Drift;

/// <summary>What a test's verdict does to its column. A column drifts when one deciding test sees drift and every confirming test agrees.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DriftRole>))]
public enum DriftRole
{
    /// <summary>Calls drift.</summary>
    Decides,
    /// <summary>Must agree, else the deciding test's verdict counts as chance: a guard for small samples.</summary>
    Confirms,
    /// <summary>Is shown only.</summary>
    Informs,
}
