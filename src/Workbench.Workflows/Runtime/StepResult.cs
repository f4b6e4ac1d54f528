using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Workflows.Model;

namespace Workbench.Workflows.Runtime;

/// <summary>How a step ended well. A step that failed throws instead.</summary>
public sealed record StepResult
{
    /// <summary>One of the activity's outcomes; case-sensitive.</summary>
    public string Outcome { get; init; } = "Done";
    /// <summary>Outputs by name; those that are bound to variables are written to them.</summary>
    public JsonObject Outputs { get; init; } = [];
    /// <summary>What to tell people, or null.</summary>
    public string? Message { get; init; }

    /// <summary>Reads a result file.</summary>
    /// <exception cref="WorkflowException">The file is missing or is no result; names it.</exception>
    public static StepResult Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<StepResult>(File.ReadAllText(path), WorkflowJson.Compact)
                ?? throw new WorkflowException($"The step result '{path}' is null.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new WorkflowException($"The step result '{path}' cannot be read: {failure.Message}", failure);
        }
    }

    /// <summary>Writes the result file that <see cref="Read"/> reads; it appears whole or not at all.</summary>
    public void Write(string path) => AtomicFile.Write(path, JsonSerializer.Serialize(this, WorkflowJson.Indented));
}
