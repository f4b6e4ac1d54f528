using System.Text.Json.Nodes;
using Workbench.Notebooks.Format;
using Workbench.Notebooks.Rendering;

namespace Workbench.Notebooks.Running;

/// <summary>How a headless run ended.</summary>
public sealed record NotebookRunResult
{
    /// <summary>The executed notebook, complete or as far as it came.</summary>
    public required NotebookDocument Document { get; init; }
    /// <summary>Where it was written.</summary>
    public required string OutputPath { get; init; }
    /// <summary>Hash of the notebook that ran.</summary>
    public required NotebookHash Hash { get; init; }
    /// <summary>Time from the start of the kernel to the end.</summary>
    public required TimeSpan Duration { get; init; }
    /// <summary>Why the run failed, or null when every cell ran.</summary>
    public NotebookError? Error { get; init; }

    /// <summary>Whether every cell ran.</summary>
    public bool Succeeded => Error is null;

    /// <summary>The figures that the notebook shows, by name; of one name, the last value. NaN and infinity are texts.</summary>
    public IReadOnlyDictionary<string, JsonNode?> Figures => KeyFigures.Of(Document).ToDictionary(figure => figure.Name, figure => figure.Value);
}
