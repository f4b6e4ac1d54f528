using Workbench.Data;
using Workbench.Notebooks.Format;
using Workbench.Notebooks.Parameters;
using Workbench.Notebooks.Promotion;

namespace Workbench.Notebooks.Running;

/// <summary>
/// Runs one step of a notebook in a kernel of its own: the cells tagged <c>setup</c> and <c>parameters</c>, a cell that
/// loads the step's inputs, the cells of the step, and a cell that saves its outputs.
/// </summary>
public static class StepRunner
{
    /// <summary>Runs the step. A failing cell is a failed result, with the executed notebook kept.</summary>
    /// <param name="request">What to run.</param>
    /// <param name="progress">Told before each cell and at the end.</param>
    /// <param name="cancellationToken">Ends the kernel.</param>
    /// <exception cref="DataException">
    /// The notebook cannot be read or has changed since it was promoted, has no such step, or a parameter is unknown.
    /// </exception>
    public static async Task<StepRunResult> RunAsync(StepRunRequest request, IProgress<NotebookProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var source = NotebookDocument.Load(request.NotebookPath);
        var hash = NotebookHash.Of(source);
        RequireHash(request, hash);
        var step = NotebookSteps.Find(source, request.Step, request.NotebookPath);
        var outputs = request.Outputs ?? StepAnalysis.Resolve(source, request.NotebookPath).First(resolved => resolved.Name == step.Name).Outputs;
        var document = Assemble(source, step, request, outputs ?? []);
        var folder = new StepFolder(Path.GetFullPath(request.WorkFolder));
        folder.Prepare(request.Inputs);
        var run = await NotebookRunner.RunAsync(document, hash, RunRequest(request, folder), progress, cancellationToken);
        return new(run, run.Succeeded ? (outputs ?? []).Select(folder.ReadOutput).ToList() : []);
    }

    private static void RequireHash(StepRunRequest request, NotebookHash hash)
    {
        if (request.ExpectedHash is { } expected && expected != hash.Value)
            throw new DataException(
                $"Notebook '{request.NotebookPath}' has changed since its steps were promoted: the pipeline expects {expected}, the file is {hash}. Promote the notebook again, or restore the version that was promoted.")
            { Origin = request.NotebookPath, Value = hash.Value };
    }

    private static NotebookDocument Assemble(NotebookDocument source, NotebookStep step, StepRunRequest request, IReadOnlyList<string> outputs)
    {
        var document = source.Clone();
        NotebookParameters.Inject(document, request.Parameters, request.NotebookPath);
        var kept = document.Cells.Where(cell => IsShared(cell) || step.CellIds.Contains(cell.Id)).ToList();
        int first = kept.FindIndex(cell => step.CellIds.Contains(cell.Id));
        if (request.Inputs.Count > 0)
            kept.Insert(first, NotebookCell.Code("step-inputs", string.Join('\n', request.Inputs.Select(LoadLine)), "step-inputs"));
        if (outputs.Count > 0)
            kept.Add(NotebookCell.Code("step-outputs", string.Join('\n', outputs.Select(name => $"StepData.Save(\"{name}\", {name});")), "step-outputs"));
        document.Cells.Clear();
        foreach (var cell in kept)
            document.Cells.Add(cell);
        return document;
    }

    private static bool IsShared(NotebookCell cell) =>
        cell.Type == CellType.Code && (cell.HasTag(CellTags.Setup) || cell.HasTag(CellTags.Parameters) || cell.HasTag(CellTags.InjectedParameters));

    private static string LoadLine(StepValue input) => $"var {input.Name} = StepData.Load<{input.Type}>(\"{input.Name}\");";

    private static NotebookRunRequest RunRequest(StepRunRequest request, StepFolder folder)
    {
        var environment = new Dictionary<string, string>(request.Environment) { [StepFolder.EnvironmentVariable] = folder.Path };
        return new()
        {
            InputPath = request.NotebookPath,
            OutputPath = Path.Combine(folder.Path, "notebook.ipynb"),
            Parameters = request.Parameters,
            KernelCommand = request.KernelCommand,
            Timeout = request.Timeout,
            WorkingDirectory = request.WorkingDirectory,
            Environment = environment,
        };
    }
}
