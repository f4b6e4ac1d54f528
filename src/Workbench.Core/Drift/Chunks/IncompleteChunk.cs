using System.Text.Json.Serialization;

namespace Workbench.Drift.Chunks;

/// <summary>What becomes of the rows that are left when rows are split into chunks of one size. The names are NannyML's.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<IncompleteChunk>))]
public enum IncompleteChunk
{
    /// <summary>They are a smaller chunk of their own.</summary>
    Keep,
    /// <summary>They belong to the last full chunk; when there is none, they are a chunk.</summary>
    Append,
    /// <summary>They belong to no chunk. The report without chunks still counts them.</summary>
    Drop,
}
