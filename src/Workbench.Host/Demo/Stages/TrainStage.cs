using System.Globalization;
using System.Text.Json.Nodes;
using Workbench.Host.Activities;
using Workbench.Notebooks.Format;
using Workbench.Notebooks.Rendering;
using Workbench.Notebooks.Running;
using Workbench.Registry;

namespace Workbench.Host.Demo.Stages;

/// <summary>Runs the training notebook headless; its own cells register the first version and make it champion.</summary>
internal sealed class TrainStage : IDemoStage
{
    public string Title => "Train in the notebook";

    public async Task<StageResult> RunAsync(DemoWorld world, IProgress<StageProgress> progress, CancellationToken cancellationToken)
    {
        var executed = Path.Combine(Directory.CreateDirectory(world.Host.Settings.Folder.Reports).FullName, "02-train.ipynb");
        var cells = new Progress<NotebookProgress>(cell => progress.Report(new((double)cell.CellsDone / cell.CellsTotal, $"cell {Math.Min(cell.CellsDone + 1, cell.CellsTotal)} of {cell.CellsTotal}")));
        var result = await NotebookCells.RunAsync(world.Notebook, executed, new Dictionary<string, JsonNode?>(), cells, cancellationToken);
        var page = Path.ChangeExtension(executed, ".html");
        await File.WriteAllTextAsync(page, NotebookRenderer.Render(NotebookDocument.Load(executed)), cancellationToken);
        world.Story.Files.Add(("Executed training notebook", page));
        if (!result.Succeeded)
            throw new DemoFailure($"{result.Error?.Message} The executed notebook is at {executed}.");

        var version = await world.Host.Registry.GetAliasAsync(DemoWorld.Model, ChampionGate.Champion, cancellationToken)
            ?? throw new DemoFailure("the notebook registered no champion.");
        if (version.Version != 1)
            throw new DemoFailure($"the champion is v{version.Version}, not v1: the data folder is not new.");
        await DemoWorld.UntilAsync(async () => await world.ServedVersionAsync(cancellationToken) == 1, TimeSpan.FromSeconds(20), "Serving v1", cancellationToken);
        await world.PrepareReplayAsync(cancellationToken);
        world.Story.Add(world.Clock.GetUtcNow(), "notebook", "v1 trained on the months 1-12 and made champion", "v1 champion");
        return new(Line(version), Figures(version));
    }

    private static string Line(ModelVersion version) => string.Create(CultureInfo.InvariantCulture,
        $"v{version.Version} is champion; accuracy {Metric(version, "accuracy"):F4} [{Metric(version, "accuracy_lower"):F4}, {Metric(version, "accuracy_upper"):F4}], " +
        $"F1 {Metric(version, "f1"):F4}, ROC AUC {Metric(version, "roc_auc"):F4} on {Metric(version, "holdout_rows"):F0} rows; " +
        $"ONNX differs from TorchSharp by at most {Metric(version, "onnx_max_difference"):E1}; data {version.DataHash[..15]}, notebook {version.NotebookHash?[..15]}");

    private static Dictionary<string, object?> Figures(ModelVersion version) =>
        version.Metrics.ToDictionary(metric => metric.Key, metric => (object?)metric.Value)
            .Concat([new("version", version.Version), new("dataHash", version.DataHash), new("notebookHash", version.NotebookHash)]).ToDictionary();

    private static double Metric(ModelVersion version, string name) =>
        version.Metrics.TryGetValue(name, out double value) ? value : throw new DemoFailure($"v{version.Version} has no metric '{name}'.");
}
