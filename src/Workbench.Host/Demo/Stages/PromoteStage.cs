using System.Text.Json.Nodes;

namespace Workbench.Host.Demo.Stages;

/// <summary>Makes a pipeline of the notebook's tagged cells and publishes it.</summary>
internal sealed class PromoteStage : IDemoStage
{
    public string Title => "Promote the cells to a pipeline";

    public async Task<StageResult> RunAsync(DemoWorld world, IProgress<StageProgress> progress, CancellationToken cancellationToken)
    {
        var file = Path.Combine(world.Options.DataFolder, "workflows", DemoWorld.Pipeline + ".json");
        var definition = NotebookPipelines.ChurnRetrain(world.Options.ProjectFolder, file);
        progress.Report(new(0.5, "publishing"));
        var published = await world.PostAsync("/api/workflows", definition, cancellationToken);
        var activities = ((JsonArray)definition["root"]!["activities"]!).Select(activity => (string)activity!["name"]!).ToList();
        world.Story.Files.Add(("Pipeline definition (Elsa 3)", file));
        world.Story.Add(world.Clock.GetUtcNow(), "notebook", $"pipeline {DemoWorld.Pipeline} v{published["version"]} published");
        return new($"{string.Join(" -> ", activities)}; nightly at 02:00, on drift, on a metric alert; {Path.GetRelativePath(world.Options.DataFolder, file)} in the data folder",
            new Dictionary<string, object?> { ["definition"] = file, ["activities"] = activities, ["version"] = (int)published["version"]! });
    }
}
