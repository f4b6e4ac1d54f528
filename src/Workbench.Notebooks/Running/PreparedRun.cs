using System.Text.Json.Nodes;
using Workbench.Data;
using Workbench.Notebooks.Format;
using Workbench.Notebooks.Parameters;

namespace Workbench.Notebooks.Running;

/// <summary>A run that was checked and can begin: the notebook is read, its kernel found, its parameters injected. Begins once.</summary>
public sealed class PreparedRun
{
    private readonly NotebookRunRequest _request;
    private readonly KernelChoice _kernel;
    private readonly IReadOnlyDictionary<string, JsonNode?> _given;
    private readonly IReadOnlyDictionary<string, JsonNode?> _defaults;

    internal PreparedRun(NotebookDocument document, NotebookHash hash, NotebookRunRequest request, KernelChoice kernel, IReadOnlyDictionary<string, JsonNode?> given)
    {
        (Document, Hash, _request, _kernel, _given) = (document, hash, request, kernel, given);
        _defaults = NotebookParameters.Read(document, kernel.Language).Where(parameter => parameter.Default is not null).ToDictionary(parameter => parameter.Name, parameter => parameter.Default);
    }

    /// <summary>What will run.</summary>
    public NotebookDocument Document { get; }

    /// <summary>Hash of the notebook.</summary>
    public NotebookHash Hash { get; }

    /// <summary>Name of the kernel that will run it.</summary>
    public string KernelName => _kernel.Name;

    /// <summary>The kernel's current folder.</summary>
    public string WorkingDirectory => _kernel.Launch.WorkingDirectory;

    /// <summary>How the limits on memory and cores are kept, for people; empty without limits.</summary>
    public IReadOnlyDictionary<string, string> Limits => _kernel.Launch.Limits.Describe();

    /// <summary>The value of every parameter where it is known: given, else the literal in the notebook.</summary>
    public IReadOnlyDictionary<string, JsonNode?> Parameters =>
        _defaults.Concat(_given).GroupBy(pair => pair.Key, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Last().Value, StringComparer.Ordinal);

    /// <summary>Runs every code cell in order and writes the executed copy as it grows.</summary>
    /// <param name="facts">What the copy keeps under <c>metadata.workbench.run</c>, such as the run's id; null for nothing.</param>
    /// <param name="environment">Environment variables for the kernel on top of the request's; null for none.</param>
    /// <param name="progress">Told before each cell and at the end.</param>
    /// <param name="cancellationToken">Ends the kernel; the copy holds what ran, and says so.</param>
    /// <returns>How it ended; ask <see cref="NotebookRunResult.Succeeded"/>.</returns>
    /// <exception cref="DataException">The output cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; the copy is written.</exception>
    public Task<NotebookRunResult> RunAsync(
        JsonObject? facts = null, IReadOnlyDictionary<string, string>? environment = null, IProgress<NotebookProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        PapermillRecord.Clear(Document);
        if (facts is not null)
        {
            if (Document.Metadata["workbench"] is not JsonObject workbench)
                Document.Metadata["workbench"] = workbench = [];
            workbench["run"] = facts.DeepClone();
        }
        if (_request.ReportMode)
            foreach (var cell in Document.Cells.Where(cell => cell.Type == CellType.Code))
                HideSource(cell);
        var launch = _kernel.Launch with { Environment = _kernel.Launch.Environment.Concat(environment ?? new Dictionary<string, string>()).GroupBy(pair => pair.Key).ToDictionary(group => group.Key, group => group.Last().Value) };
        return new NotebookRun(Document, Hash, _request, launch, TimeProvider.System).RunAsync(_defaults, _given, progress, cancellationToken);
    }

    private static void HideSource(NotebookCell cell)
    {
        if (cell.Metadata["jupyter"] is not JsonObject jupyter)
            cell.Metadata["jupyter"] = jupyter = [];
        jupyter["source_hidden"] = true;
    }
}
