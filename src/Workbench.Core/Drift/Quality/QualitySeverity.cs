using System.Text.Json.Serialization;

namespace Workbench.Drift.Quality;

/// <summary>How bad a finding is, or a broken expectation.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<QualitySeverity>))]
public enum QualitySeverity
{
    /// <summary>Worth knowing.</summary>
    Information,
    /// <summary>Look at it before the data is used.</summary>
    Warning,
    /// <summary>Do not use the data: a check fails and a gate refuses.</summary>
    Error,
}
