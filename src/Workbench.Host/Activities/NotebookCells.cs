using System.Text.Json.Nodes;
using Workbench.Notebooks.Format;
using Workbench.Notebooks.Running;
using Workbench.Registry;

namespace Workbench.Host.Activities;

/// <summary>Runs notebooks in a child process, from the notebook's folder as an editor does; C# on this program's own kernel.</summary>
internal static class NotebookCells
{
    /// <summary>The command that starts our kernel.</summary>
    public static IReadOnlyList<string> KernelCommand => SelfCommand.With("kernel", "run", "{connection_file}");

    /// <summary>Runs all cells and keeps the executed notebook at <paramref name="output"/>.</summary>
    public static Task<NotebookRunResult> RunAsync(
        string notebook, string output, IReadOnlyDictionary<string, JsonNode?> parameters, IProgress<NotebookProgress>? progress, CancellationToken cancellationToken) =>
        NotebookRunner.RunAsync(new NotebookRunRequest
        {
            InputPath = notebook, OutputPath = output, Parameters = parameters, KernelCommand = KernelCommand,
            Environment = Environment(notebook), WorkingDirectory = Path.GetDirectoryName(Path.GetFullPath(notebook)),
        }, progress, cancellationToken);

    /// <summary>What a cell that registers a model needs to know of its notebook.</summary>
    public static IReadOnlyDictionary<string, string> Environment(string notebook) =>
        new Dictionary<string, string> { [NewModelVersion.NotebookHashVariable] = NotebookHash.Of(NotebookDocument.Load(notebook)).Value };
}
