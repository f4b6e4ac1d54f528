using System.Text.Json.Nodes;

namespace Workbench.Notebooks.Running;

/// <summary>What a run of one step of a notebook needs.</summary>
public sealed record StepRunRequest
{
    /// <summary>The notebook that holds the step.</summary>
    public required string NotebookPath { get; init; }

    /// <summary>Name of the step, as in the tag <c>step:NAME</c>.</summary>
    public required string Step { get; init; }

    /// <summary>Hash of what the step ran when it was promoted: its cells and the shared ones; null runs whatever they hold now.</summary>
    public string? ExpectedStepHash { get; init; }

    /// <summary>Hash that the whole notebook must have; null lets it change.</summary>
    public string? ExpectedHash { get; init; }

    /// <summary>Values from earlier steps.</summary>
    public IReadOnlyList<StepValue> Inputs { get; init; } = [];

    /// <summary>Names of the variables to hand on; null finds them by analysis of the notebook.</summary>
    public IReadOnlyList<string>? Outputs { get; init; }

    /// <summary>Values for the notebook's parameters.</summary>
    public IReadOnlyDictionary<string, JsonNode?> Parameters { get; init; } = new Dictionary<string, JsonNode?>();

    /// <summary>Folder of this step's own: gets <c>notebook.ipynb</c> (executed) and <c>outputs/</c>.</summary>
    public required string WorkFolder { get; init; }

    /// <summary>The kernel's current folder, against which the notebook's relative paths are; null takes the caller's.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Program and arguments of the kernel, one holding <c>{connection_file}</c>; null takes the installed kernel.</summary>
    public IReadOnlyList<string>? KernelCommand { get; init; }

    /// <summary>Longest time for the step; null for no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Environment variables set for the kernel.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
