using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Workbench.Workflows.Model;

namespace Workbench.Workflows.Runtime;

/// <summary>What a step is given. As JSON it is the <c>request.json</c> of a step that runs in a child process.</summary>
public sealed record StepContext
{
    /// <summary>Id of the run.</summary>
    public required string RunId { get; init; }
    /// <summary>Id of the step within the run.</summary>
    public required string StepId { get; init; }
    /// <summary>Id of the workflow.</summary>
    public required string DefinitionId { get; init; }
    /// <summary>One-based version that the run is pinned to.</summary>
    public required int Version { get; init; }
    /// <summary>Id of the activity.</summary>
    public required string ActivityId { get; init; }
    /// <summary>Name of the activity for people.</summary>
    public required string ActivityName { get; init; }
    /// <summary>Type of the activity, which says what is to be done.</summary>
    public required string ActivityType { get; init; }
    /// <summary>One-based attempt; the fencing token: a higher one makes this one void.</summary>
    public required int Attempt { get; init; }
    /// <summary>Evaluated inputs by camelCase name.</summary>
    public required JsonObject Inputs { get; init; }
    /// <summary>Values of the workflow's inputs.</summary>
    public required JsonObject WorkflowInputs { get; init; }
    /// <summary>The caller's id for what the run belongs to, or null.</summary>
    public string? CorrelationId { get; init; }
    /// <summary>Why the run was started.</summary>
    public required string Reason { get; init; }
    /// <summary>Who started the run.</summary>
    public required string Actor { get; init; }

    /// <summary>Key for effects outside the database, the same in every attempt: <c>run/step</c>.</summary>
    public string Key => $"{RunId}/{StepId}";

    /// <summary>Takes progress; stored with the next heartbeat. Does nothing in a child process.</summary>
    [JsonIgnore]
    public IProgress<StepProgress> Progress { get; init; } = new NoProgress();

    /// <summary>Takes lines of output; stored with the next heartbeat, and kept. Does nothing in a child process, whose own output is taken.</summary>
    [JsonIgnore]
    public IProgress<string> Log { get; init; } = new NoProgress();

    /// <summary>Reads a request file.</summary>
    /// <exception cref="WorkflowException">The file is missing or is no request; names it.</exception>
    public static StepContext Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<StepContext>(File.ReadAllText(path), WorkflowJson.Compact)
                ?? throw new WorkflowException($"The step request '{path}' is null.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new WorkflowException($"The step request '{path}' cannot be read: {failure.Message}", failure);
        }
    }

    /// <summary>Writes the request file that <see cref="Read"/> reads; it appears whole or not at all.</summary>
    public void Write(string path) => AtomicFile.Write(path, JsonSerializer.Serialize(this, WorkflowJson.Indented));

    private sealed class NoProgress : IProgress<StepProgress>, IProgress<string>
    {
        public void Report(StepProgress value) { }
        public void Report(string value) { }
    }
}
