using System.Text.Json.Nodes;
using Workbench.Host.Triggers;
using Workbench.Notebooks.Promotion;

namespace Workbench.Host.Demo;

/// <summary>How the training notebook becomes the nightly pipeline: workflows/churn-retrain.json is made so.</summary>
internal static class NotebookPipelines
{
    /// <summary>The present, and the last eight weeks: what customers do now, not what they did last year.</summary>
    public static JsonObject ChurnRetrain(string projectFolder, string file) => NotebookPromoter.PromoteToFile(Path.Combine(projectFolder, "notebooks", "02-train.ipynb"), file, new PromotionOptions
    {
        DefinitionId = DemoWorld.Pipeline, BaseDirectory = projectFolder, Cron = "0 2 * * *", ModelName = DemoWorld.Model,
        Defaults = new Dictionary<string, JsonNode?> { ["asOf"] = "now", ["windowDays"] = 56 },
        Triggers =
        [
            new JsonObject { ["type"] = TriggerKinds.Metric, ["rule"] = DemoRules.Accuracy },
            new JsonObject { ["type"] = TriggerKinds.Drift, ["model"] = DemoWorld.Model, ["share"] = 0.5 },
        ],
    }).Definition;
}
