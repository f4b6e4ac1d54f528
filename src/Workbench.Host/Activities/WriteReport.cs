using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Data;
using Workbench.Registry;
using Workbench.Reports;
using Workbench.Workflows;
using Workbench.Workflows.Runtime;

namespace Workbench.Host.Activities;

/// <summary>Writes what a run found as a page.</summary>
internal sealed class WriteReport(ModelRegistry registry) : StepActivity<WriteReportOptions>
{
    public const string Type = "Workbench.Report";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    protected override async Task<StepResult> RunAsync(WriteReportOptions options, StepContext step, CancellationToken cancellationToken)
    {
        var name = options.FileName ?? $"{step.DefinitionId}-{step.RunId}";
        if (name.Length > 100 || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_'))
            throw new WorkflowException($"The report's file name '{name}' is not allowed. Use at most 100 letters, digits, dashes and underscores.");
        var now = ReplayClock.FromEnvironment().GetUtcNow();
        var page = new HtmlReport(options.Title, string.Create(CultureInfo.InvariantCulture, $"pipeline {step.DefinitionId} v{step.Version}, {now:yyyy-MM-dd HH:mm} UTC"));
        Result(page.Section("Result"), options);
        if (options.ModelName is { } model)
            await ModelAsync(page, model, cancellationToken);
        page.Section("Run").Table(["What", "Value"], [["Run", step.RunId], ["Started because", step.Reason], ["Started by", step.Actor]]);
        var file = Path.Combine(registry.Folder.Reports, name + ".html");
        page.Save(file);
        return new() { Outputs = new JsonObject { ["report"] = Path.GetFileName(file) }, Message = $"Wrote reports/{name}.html." };
    }

    private static void Result(HtmlSection section, WriteReportOptions options)
    {
        if (options.Text.Length > 0)
            section.Text(options.Text);
        var (small, large) = (options.Values.Where(pair => !IsLarge(pair.Value)).ToList(), options.Values.Where(pair => IsLarge(pair.Value)).ToList());
        if (small.Count > 0)
            section.Table(["Name", "Value"], small.Select(pair => (IReadOnlyList<ReportCell>)[pair.Key, pair.Value?.ToString() ?? "none"]));
        foreach (var (name, value) in large)
            section.Subheading(name).Code(value!.ToJsonString(Indented));
    }

    private async Task ModelAsync(HtmlReport page, string model, CancellationToken cancellationToken)
    {
        var versions = await registry.ListVersionsAsync(model, cancellationToken);
        page.Section($"Model {model}").Table(["Version", "Aliases", "Metrics"], versions.Select(version => (IReadOnlyList<ReportCell>)
            [$"v{version.Version}", string.Join(", ", version.Aliases), string.Join(", ", version.Metrics.Select(metric => string.Create(CultureInfo.InvariantCulture, $"{metric.Key} {metric.Value:G5}")))]));
        var history = await registry.HistoryAsync(model, cancellationToken);
        page.Section("History").Timeline(history.Select(change => new ReportEvent(
            change.At, change.Actor, $"{change.Alias} is v{change.ToVersion}: {change.Reason}", change.IsRollback ? ReportStatus.Warning : ReportStatus.Neutral)));
    }

    private static bool IsLarge(JsonNode? value) => value is JsonObject or JsonArray;
}
