using System.Globalization;
using System.Text.Json.Nodes;
using Workbench.Data;
using Workbench.Drift;
using Workbench.Registry;
using Workbench.Workflows;
using Workbench.Workflows.Runtime;

namespace Workbench.Host.Activities;

/// <summary>Compares requests with training rows, or any two sets of rows. Requests that the host has not yet written to Parquet are not seen.</summary>
internal sealed class DriftCheck(ModelRegistry registry) : StepActivity<DriftCheckOptions>
{
    public const string Type = "Workbench.DriftCheck";

    protected override async Task<StepResult> RunAsync(DriftCheckOptions options, StepContext step, CancellationToken cancellationToken)
    {
        var settings = SettingsOf(options);
        var now = ReplayClock.FromEnvironment().GetUtcNow();
        var (report, name) = await CompareAsync(options, settings, step, now, cancellationToken);
        var file = RequestDrift.Save(report, registry.Folder, name, now);
        RunId? run = options.Experiment is { } experiment ? await DriftRun.RecordAsync(registry, experiment, step, report, file, cancellationToken) : null;
        var drifted = report.Drifted.Select(column => column.Column).ToList();
        return new()
        {
            // Without a drifted column there is no drift, however small the share that was asked for.
            Outcome = report.DriftedShare > 0 && report.DriftedShare >= options.Share ? "Drifted" : "Stable",
            Outputs = new JsonObject
            {
                ["share"] = report.DriftedShare, ["columns"] = new JsonArray([.. drifted.Select(column => (JsonNode)column)]),
                ["drifted"] = new JsonArray([.. report.BySeverity.Where(column => column.IsDrift).Select(Describe)]), ["report"] = Path.GetFileName(file), ["runId"] = run?.Value,
            },
            Message = string.Create(CultureInfo.InvariantCulture,
                $"{drifted.Count} of {report.Columns.Count} columns drifted{(drifted.Count > 0 ? $": {string.Join(", ", drifted)}" : "")}; Drifted from {options.Share:P0} on."),
        };
    }

    private static DriftSettings SettingsOf(DriftCheckOptions options)
    {
        var settings = options.Settings.Count > 0 ? DriftSettings.Parse(options.Settings.ToJsonString()) : new();
        return settings with
        {
            Columns = options.Columns.Count > 0 ? options.Columns : settings.Columns,
            Preset = options.Preset ?? settings.Preset, By = options.By ?? settings.By, Time = options.Time ?? settings.Time,
        };
    }

    private async Task<(DriftReport Report, string Name)> CompareAsync(DriftCheckOptions options, DriftSettings settings, StepContext step, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (options.Reference is { } reference && options.Current is { } current)
        {
            var comparison = await Task.Run(() => DriftReport.Compare(Address(reference), Address(current), settings.ToOptions(), cancellationToken), cancellationToken);
            return (comparison, $"{step.DefinitionId}-{step.ActivityName}-{step.RunId}");
        }
        if (options.Reference is not null || options.Current is not null)
            throw new WorkflowException($"The input '{(options.Reference is null ? "reference" : "current")}' has no value and '{(options.Reference is null ? "current" : "reference")}' has one. Set both to compare two sets of rows, or neither to compare a model's requests.");
        if (options.ModelName is not { } model)
            throw new WorkflowException("The input 'modelName' has no value. Set it to compare a model's requests, or set 'reference' and 'current' to compare two sets of rows.");
        var version = await registry.GetAliasAsync(model, options.Alias, cancellationToken)
            ?? throw new RegistryException($"No version of '{model}' has the alias '{options.Alias}'. Promote one first.");
        var to = options.Until ?? now;
        var from = to - TimeSpan.FromDays(options.Days);
        return (await new RequestDrift(registry).CompareAsync(version, from, to, cancellationToken, settings), RequestDrift.NameOf(model, from, to));
    }

    // An address of a database has a scheme; a path is the project's.
    private static string Address(string source) => source.Contains("://", StringComparison.Ordinal) ? source : Path.GetFullPath(source, ProjectFolder.Current);

    private static JsonObject Describe(ColumnDrift column) => new()
    {
        ["column"] = column.Column, ["test"] = column.Foremost?.Test, ["statistic"] = column.Foremost?.Statistic, ["threshold"] = column.Foremost?.Threshold, ["distance"] = column.Distance, ["reason"] = column.Reason,
    };
}
