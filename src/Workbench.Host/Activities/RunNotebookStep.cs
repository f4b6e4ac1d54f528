using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Notebooks.Running;
using Workbench.Registry;
using Workbench.Workflows;
using Workbench.Workflows.Runtime;

namespace Workbench.Host.Activities;

/// <summary>
/// Runs the cells of one promoted step on a kernel of its own. What the step hands on travels as JSON or, when it is files,
/// as an artifact of the store; the value's C# type goes with it, so that the next step can declare the variable.
/// </summary>
internal sealed class RunNotebookStep(ModelRegistry registry) : StepActivity<RunNotebookStepOptions>
{
    public const string Type = "Workbench.RunNotebookStep";
    private const string ArtifactProperty = "artifact";

    protected override async Task<StepResult> RunAsync(RunNotebookStepOptions options, StepContext step, CancellationToken cancellationToken)
    {
        var notebook = Path.GetFullPath(options.Notebook, ProjectFolder.Current);
        var work = Directory.GetCurrentDirectory();
        var result = await StepRunner.RunAsync(new StepRunRequest
        {
            NotebookPath = notebook,
            Step = options.Step,
            ExpectedStepHash = options.StepHash,
            ExpectedHash = options.StepHash is null ? options.NotebookHash : null,
            Parameters = options.Parameters.ToDictionary(pair => pair.Key, pair => pair.Value),
            Inputs = await InputsAsync(options.StepInputs, Path.Combine(work, "inputs"), cancellationToken),
            Outputs = options.StepOutputs,
            WorkFolder = work,
            WorkingDirectory = Path.GetDirectoryName(notebook),
            KernelCommand = NotebookCells.KernelCommand,
            Environment = NotebookCells.Environment(notebook),
        }, new CellProgress(), cancellationToken);
        if (result.Run.Error is { } error)
            throw new WorkflowException($"The step '{options.Step}' failed: {error.Message} The executed notebook is at {result.Run.OutputPath}.");
        return new() { Outputs = await OutputsAsync(result.Outputs, cancellationToken), Message = Summary(result) };
    }

    private async Task<IReadOnlyList<StepValue>> InputsAsync(JsonObject values, string folder, CancellationToken cancellationToken)
    {
        var inputs = new List<StepValue>();
        foreach (var (name, value) in values)
        {
            if (value is not JsonObject handed)
                throw new WorkflowException($"The step input '{name}' is {value?.ToJsonString() ?? "empty"}: the step before has not handed it on.");
            var input = handed.Deserialize<StepValue>()! with { Name = name };
            if (input.Kind == StepValueKind.Artifact)
            {
                var target = Path.Combine(folder, name);
                await registry.Artifacts.MaterialiseFolderAsync(new ArtifactId((string)handed[ArtifactProperty]!), target, cancellationToken);
                input = input with { Folder = target };
            }
            inputs.Add(input);
        }
        return inputs;
    }

    private async Task<JsonObject> OutputsAsync(IReadOnlyList<StepValue> values, CancellationToken cancellationToken)
    {
        var outputs = new JsonObject();
        foreach (var value in values)
        {
            var handed = JsonSerializer.SerializeToNode(value with { Folder = null })!.AsObject();
            if (value.Kind == StepValueKind.Artifact)
                handed[ArtifactProperty] = (await registry.Artifacts.PutFolderAsync(value.Folder!, cancellationToken)).Value;
            outputs[value.Name] = handed;
        }
        return outputs;
    }

    private static string Summary(StepRunResult result) =>
        result.Outputs.Count == 0 ? "no outputs" : "hands on " + string.Join(", ", result.Outputs.Select(output => output.Name));

    // The step's log file is this process's standard output.
    private sealed class CellProgress : IProgress<NotebookProgress>
    {
        public void Report(NotebookProgress value) => Console.WriteLine($"cell {value.CellsDone} of {value.CellsTotal}{(value.CurrentCell is { } cell ? ": " + cell.Split('\n')[0] : "")}");
    }
}
