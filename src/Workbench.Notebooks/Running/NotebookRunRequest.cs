using System.Text.Json.Nodes;

namespace Workbench.Notebooks.Running;

/// <summary>What a headless run of a notebook needs.</summary>
public sealed record NotebookRunRequest
{
    /// <summary>The notebook to run; it is never changed.</summary>
    public required string InputPath { get; init; }

    /// <summary>Where the executed copy is written, after every cell.</summary>
    public required string OutputPath { get; init; }

    /// <summary>Values for variables that the cell tagged <c>parameters</c> declares; texts are converted to the declared type.</summary>
    public IReadOnlyDictionary<string, JsonNode?> Parameters { get; init; } = new Dictionary<string, JsonNode?>();

    /// <summary>Program and arguments of the kernel, one holding <c>{connection_file}</c>; null takes the installed kernel of <see cref="KernelName"/>.</summary>
    public IReadOnlyList<string>? KernelCommand { get; init; }

    /// <summary>Name of an installed kernel, where <see cref="KernelCommand"/> is null; null takes the notebook's own.</summary>
    public string? KernelName { get; init; }

    /// <summary>Longest time for one cell; null for no limit.</summary>
    public TimeSpan? CellTimeout { get; init; }

    /// <summary>Longest time for the whole run; null for no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The kernel's current folder; null takes the caller's.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Environment variables set for the kernel on top of the caller's.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
