using Workbench.Workflows.Storage;

namespace Workbench.Workflows.Runtime;

/// <summary>What a step has to tell since the last heartbeat; null leaves what was said before.</summary>
internal sealed record StepNews(string? Message, string? LogFile = null)
{
    /// <summary>Output that was not stored yet.</summary>
    public IReadOnlyList<LogChunk> Log { get; init; } = [];
}
