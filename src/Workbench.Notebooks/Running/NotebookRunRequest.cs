using System.Text.Json.Nodes;

namespace Workbench.Notebooks.Running;

/// <summary>What a headless run of a notebook needs.</summary>
public sealed record NotebookRunRequest
{
    /// <summary>The notebook to run; it is never changed, unless <see cref="InPlace"/> says so.</summary>
    public required string InputPath { get; init; }

    /// <summary>Where the executed copy is written, after every cell.</summary>
    public required string OutputPath { get; init; }

    /// <summary>Whether the output may be the input itself.</summary>
    public bool InPlace { get; init; }

    /// <summary>Values for variables that the cell tagged <c>parameters</c> declares; texts are converted to the declared type.</summary>
    public IReadOnlyDictionary<string, JsonNode?> Parameters { get; init; } = new Dictionary<string, JsonNode?>();

    /// <summary>
    /// The same for texts as a person types them, which win over <see cref="Parameters"/>: where no type is declared, papermill's
    /// rules for <c>-p</c> make a number of <c>5</c> and a truth value of <c>True</c>.
    /// </summary>
    public IReadOnlyDictionary<string, string> ParameterTexts { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Program and arguments of our own kernel, one holding <c>{connection_file}</c>, for a notebook that asks for it or for a
    /// .NET kernel that is not installed; null takes the installed one. A notebook of another kernel runs on that.
    /// </summary>
    public IReadOnlyList<string>? KernelCommand { get; init; }

    /// <summary>Name of a kernel in place of the notebook's own; null takes the notebook's.</summary>
    public string? KernelName { get; init; }

    /// <summary>Longest time for the kernel to start and answer.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Longest time for one cell; null for no limit.</summary>
    public TimeSpan? CellTimeout { get; init; }

    /// <summary>Longest time for the whole run, the kernel's start included; null for no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Resident memory, in bytes, that the kernel and all it starts may use; null for no limit. Linux.</summary>
    public long? MemoryLimitBytes { get; init; }

    /// <summary>Processor cores that the kernel and all it starts may use; null for no limit. Linux.</summary>
    public int? CpuLimit { get; init; }

    /// <summary>Whether the executed copy hides the source of code cells (papermill's report mode).</summary>
    public bool ReportMode { get; init; }

    /// <summary>The kernel's current folder; null takes the caller's.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Environment variables set for the kernel on top of the caller's.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Told what cells print and show, as text, when it arrives: the stream (<c>stdout</c>, <c>stderr</c>) and the text.</summary>
    public Action<string, string>? OnOutput { get; init; }
}
