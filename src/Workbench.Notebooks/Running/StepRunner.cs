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
        var steps = NotebookSteps.Read(source, request.NotebookPath);
        var step = NotebookSteps.Find(steps, request.Step, request.NotebookPath);
        RequireHash(request, source, hash, steps);
        var outputs = request.Outputs ?? StepAnalysis.Of(source, request.NotebookPath).Steps.First(resolved => resolved.Name == step.Name).Outputs;
        var document = source.Clone();
        NotebookParameters.Inject(document, request.Parameters, request.NotebookPath);
        StepNotebook.Assemble(document, step, [.. request.Inputs.Select(input => input.Name)], name => LoadExpression(request.Inputs.First(input => input.Name == name)), outputs);
        var folder = new StepFolder(Path.GetFullPath(request.WorkFolder));
        folder.Prepare(request.Inputs);
        var run = await NotebookRunner.RunAsync(document, hash, RunRequest(request, folder), progress, cancellationToken);
        return new(run, run.Succeeded ? outputs.Select(folder.ReadOutput).ToList() : []);
    }

    private static void RequireHash(StepRunRequest request, NotebookDocument source, NotebookHash hash, IReadOnlyList<NotebookStep> steps)
    {
        if (request.ExpectedStepHash is { } expectedStep && StepCell.HashOf(source.KernelName, StepCell.Read(source, steps), request.Step) is var now && now != expectedStep)
            throw Changed(request, $"The cells that step '{request.Step}' of notebook '{request.NotebookPath}' runs have changed since it was promoted: the pipeline expects {expectedStep}, the file has {now}", now);
        if (request.ExpectedHash is { } expected && expected != hash.Value)
            throw Changed(request, $"Notebook '{request.NotebookPath}' has changed since its steps were promoted: the pipeline expects {expected}, the file is {hash}", hash.Value);
    }

    private static DataException Changed(StepRunRequest request, string what, string value) => new(
        $"{what}. 'workbench notebook promote {request.NotebookPath} --to WORKFLOW --check' shows what changed. Promote the notebook again and publish the workflow, or restore the version that was promoted.")
    { Origin = request.NotebookPath, Value = value };

    private static string LoadExpression(StepValue input) => $"StepData.Load<{input.Type}>(\"{input.Name}\")";

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
