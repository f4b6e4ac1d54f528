using Workbench.Data;
using Workbench.Notebooks.Format;
using Workbench.Notebooks.Kernel;
using Workbench.Notebooks.Parameters;
using Workbench.Notebooks.Protocol;

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
    public static async Task<NotebookRunResult> RunAsync(NotebookRunRequest request, IProgress<NotebookProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var document = NotebookDocument.Load(request.InputPath);
        NotebookParameters.Inject(document, request.Parameters, request.InputPath);
        return await RunAsync(document, NotebookHash.Of(document), request, progress, cancellationToken);
    }

    /// <summary>Runs a notebook that was prepared in memory; the request's parameters are only recorded.</summary>
    internal static async Task<NotebookRunResult> RunAsync(
        NotebookDocument document, NotebookHash hash, NotebookRunRequest request, IProgress<NotebookProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        PapermillRecord.Clear(document);
        var run = new NotebookRun(document, hash, request, Launch(document, request), TimeProvider.System);
        return await run.RunAsync(progress, cancellationToken);
    }

    private static KernelLaunch Launch(NotebookDocument document, NotebookRunRequest request)
    {
        var folder = Path.GetFullPath(request.WorkingDirectory ?? Directory.GetCurrentDirectory());
        if (!Directory.Exists(folder))
            throw new DataException($"The working folder '{folder}' does not exist. Create it or name another.") { Origin = folder };
        var environment = new Dictionary<string, string> { [KernelProcess.HeadlessVariable] = "1" };
        if (request.KernelCommand is { Count: > 0 } command)
            return new(command, folder, With(environment, request.Environment));
        var name = request.KernelName ?? document.KernelName
            ?? throw new DataException($"Notebook '{request.InputPath}' names no kernel. Choose one with a kernel name, such as '{KernelSpec.WorkbenchName}'.") { Origin = request.InputPath };
        var spec = KernelSpec.Find(name);
        return new(spec.Command, folder, With(With(environment, spec.Environment), request.Environment));
    }

    private static Dictionary<string, string> With(Dictionary<string, string> environment, IReadOnlyDictionary<string, string> more)
    {
        foreach (var (name, value) in more)
            environment[name] = value;
        return environment;
    }
}
