using System.Text.Json.Nodes;
using Workbench.Data;
using Workbench.Notebooks.Format;
using Workbench.Notebooks.Parameters;

namespace Workbench.Notebooks.Running;

/// <summary>
/// Runs notebooks without a person: a Jupyter client that drives a kernel in a child process, in papermill's
/// conventions. The same notebook runs by hand and here.
/// </summary>
public static class NotebookRunner
{
    /// <summary>
    /// Runs every code cell in order and writes the executed copy after each one. A failed cell, a dead kernel and a
    /// time limit end the run with an error in the result and the partial copy kept.
    /// </summary>
    /// <param name="request">What to run.</param>
    /// <param name="progress">Told before each cell and at the end.</param>
    /// <param name="cancellationToken">Ends the kernel; the copy holds what ran.</param>
    /// <returns>How it ended; ask <see cref="NotebookRunResult.Succeeded"/>.</returns>
    /// <exception cref="DataException">The notebook cannot be read, a parameter is unknown or misfits, the kernel is not installed, or the output cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; the copy is written.</exception>
    public static Task<NotebookRunResult> RunAsync(NotebookRunRequest request, IProgress<NotebookProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Prepare(request).RunAsync(progress: progress, cancellationToken: cancellationToken);

    /// <summary>Reads the notebook, finds its kernel and injects the parameters: all that can be refused before anything runs.</summary>
    /// <exception cref="DataException">The notebook cannot be read, a parameter is unknown or misfits, the kernel is not installed, or the output is the input.</exception>
    public static PreparedRun Prepare(NotebookRunRequest request)
    {
        if (!request.InPlace && Path.GetFullPath(request.InputPath) == Path.GetFullPath(request.OutputPath))
            throw new DataException($"The output '{request.OutputPath}' is the notebook itself, which a run does not change. Name another output, or ask for it with --in-place.") { Origin = request.OutputPath };
        var document = NotebookDocument.Load(request.InputPath);
        var kernel = KernelChoice.For(document, request);
        var values = new Dictionary<string, JsonNode?>(request.Parameters);
        foreach (var (name, value) in NotebookParameters.FromTexts(document, kernel.Language, request.ParameterTexts, request.InputPath))
            values[name] = value;
        NotebookParameters.Inject(document, kernel.Language, values, request.InputPath);
        return new(document, NotebookHash.Of(document), request, kernel, values);
    }

    /// <summary>Runs a notebook that was prepared in memory; the request's parameters are only recorded.</summary>
    internal static Task<NotebookRunResult> RunAsync(
        NotebookDocument document, NotebookHash hash, NotebookRunRequest request, IProgress<NotebookProgress>? progress = null, CancellationToken cancellationToken = default) =>
        new PreparedRun(document, hash, request, KernelChoice.For(document, request), request.Parameters).RunAsync(progress: progress, cancellationToken: cancellationToken);
}
