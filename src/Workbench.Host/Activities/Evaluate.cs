using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Evaluation;
using Workbench.Registry;
using Workbench.Workflows.Runtime;

namespace Workbench.Host.Activities;

/// <summary>Measures a version on its holdout.</summary>
internal sealed class Evaluate(ModelRegistry registry) : StepActivity<EvaluateOptions>
{
    public const string Type = "Workbench.Evaluate";

    protected override async Task<StepResult> RunAsync(EvaluateOptions options, StepContext step, CancellationToken cancellationToken)
    {
        var version = await registry.GetVersionAsync(options.ModelName, options.Candidate, cancellationToken);
        var rows = await VersionRows.HoldoutAsync(registry, version, cancellationToken);
        var probabilities = await VersionRows.PredictAsync(registry, version, rows, cancellationToken);
        var report = BinaryClassification.Evaluate(probabilities, rows.Labels, options.Threshold);
        var metric = MetricOf(report, options.Metric);
        double? judged = options.BeyondChance ? metric?.Lower : metric?.Value;
        return new()
        {
            Outcome = judged >= options.AtLeast ? "Reached" : "Missed",
            Outputs = new JsonObject { ["value"] = metric?.Value, ["report"] = JsonSerializer.SerializeToNode(report, JsonSerializerOptions.Web) },
            Message = Words(options, metric, report.Rows),
        };
    }

    private static MetricEstimate? MetricOf(BinaryClassificationReport report, EvaluationMetric metric) => metric switch
    {
        EvaluationMetric.Accuracy => report.Accuracy,
        EvaluationMetric.Precision => report.Precision,
        EvaluationMetric.Recall => report.Recall,
        EvaluationMetric.F1 => report.F1,
        _ => report.RocAuc,
    };

    private static string Words(EvaluateOptions options, MetricEstimate? metric, int rows) => metric is null
        ? $"{options.ModelName} v{options.Candidate}: the {rows} rows do not define {options.Metric}."
        : string.Create(CultureInfo.InvariantCulture,
            $"{options.ModelName} v{options.Candidate}: {options.Metric} {metric.Value:F4} [{metric.Lower:F4}, {metric.Upper:F4}] on {rows} rows; needed {options.AtLeast:F4}.");
}
