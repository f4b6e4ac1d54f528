using System.Text.Json.Serialization;

namespace Workbench.Notebooks.Running;

/// <summary>How a value travels between steps.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StepValueKind>))]
public enum StepValueKind
{
    /// <summary>In the message itself.</summary>
    [JsonStringEnumMemberName("json")]
    Json,
    /// <summary>As a folder of files.</summary>
    [JsonStringEnumMemberName("artifact")]
    Artifact,
}
