using Workbench.Data;
using Workbench.Host.Monitoring;
using Workbench.Monitoring;

namespace Workbench.Host.Demo;

/// <summary>What the demo watches.</summary>
internal static class DemoRules
{
    public const double AccuracyLimit = 0.90;
    public const string Accuracy = "churn-accuracy";

    /// <summary>Writes the monitoring configuration that a user would write.</summary>
    public static void Write(DataFolder folder, Uri webhook) => new MonitoringConfig
    {
        Webhook = webhook,
        Rules =
        [
            new MetricRule
            {
                Name = Accuracy, Model = DemoWorld.Model, Metric = "accuracy", Below = AccuracyLimit, Window = TimeSpan.FromDays(30), For = TimeSpan.FromDays(21), MinimumRows = 200,
                Actions = ["rollback"],
            },
        ],
    }.Write(folder);
}
