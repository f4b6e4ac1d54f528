using System.Collections.Concurrent;
using System.Globalization;
using Workbench.Data;
using Workbench.Drift;
using Workbench.Host.Activities;
using Workbench.Host.Triggers;
using Workbench.Monitoring;
using Workbench.Registry;
using Workbench.Workflows.Runtime;

namespace Workbench.Host.Monitoring;

/// <summary>Compares what the champion was asked with what it was trained on.</summary>
internal sealed partial class DriftMonitor(Installation installation, PredictionLog predictions, HostSettings settings, MonitoringConfig config, ILogger<DriftMonitor> logger)
{
    private readonly ModelRegistry registry = installation.Registry;

    private readonly ConcurrentDictionary<string, DriftCheckResult> _latest = new(StringComparer.Ordinal);

    /// <summary>The latest check of each model since this host started.</summary>
    public IReadOnlyDictionary<string, DriftCheckResult> Latest => _latest;

    /// <summary>Drift of the requests in [from, to) against the champion's training rows; the report is kept as an HTML file.</summary>
    /// <exception cref="RegistryException">There is no champion, or it keeps no training rows.</exception>
    /// <exception cref="DataException">No request was logged in that time.</exception>
    public async Task<(DriftReport Report, string File)> CheckAsync(string model, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var champion = await registry.GetAliasAsync(model, ChampionGate.Champion, cancellationToken)
            ?? throw new RegistryException($"The model '{model}' has no champion to compare with. Promote a version first.");
        await predictions.FlushAsync(cancellationToken);
        var report = await new RequestDrift(registry).CompareAsync(champion, from, to, cancellationToken);
        _latest[model] = new(report, settings.Clock.GetUtcNow());
        await StartAsync(report, model, from, to, cancellationToken);
        return (report, RequestDrift.Save(report, settings.Folder, RequestDrift.NameOf(model, from, to), settings.Clock.GetUtcNow()));
    }

    /// <summary>Checks the latest requests, those of the configured window, of every model that has a champion and was asked anything.</summary>
    public async Task CheckAllAsync(CancellationToken cancellationToken)
    {
        var now = settings.Clock.GetUtcNow();
        foreach (var model in await registry.ListModelsAsync(cancellationToken))
        {
            if (!model.Aliases.ContainsKey(ChampionGate.Champion) || !PredictionLog.HasParquet(settings.Folder, model.Name))
                continue;
            try
            {
                var (report, file) = await CheckAsync(model.Name, now - config.DriftWindow, now, cancellationToken);
                LogChecked(model.Name, report.Drifted.Count, report.Columns.Count, file);
            }
            catch (Exception failure) when (ExpectedFailure.Is(failure))
            {
                LogNotChecked(model.Name, failure.Message);
            }
        }
    }

    private async Task StartAsync(DriftReport report, string model, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        foreach (var trigger in await installation.Workflows.ListTriggersAsync(new() { Types = [TriggerKinds.Drift] }, cancellationToken))
            if (DriftCondition.Holds(report, DriftTriggerOptions.Read(new(trigger.Config)), model) is { } reason)
                await installation.Engine.FireTriggerAsync(trigger.Id, new TriggerFiring(reason, "monitor")
                {
                    Key = string.Create(CultureInfo.InvariantCulture, $"{model}/{from.UtcDateTime:yyyyMMdd}/{to.UtcDateTime:yyyyMMdd}"), At = settings.Clock.GetUtcNow(),
                    Payload = DriftCondition.Payload(report, model, from, to),
                }, cancellationToken);
    }

    [LoggerMessage(2101, LogLevel.Information, "Drift of {Model}: {Drifted} of {Columns} columns; {File}")]
    private partial void LogChecked(string model, int drifted, int columns, string file);

    [LoggerMessage(2102, LogLevel.Warning, "Drift of {Model} was not checked: {Reason}")]
    private partial void LogNotChecked(string model, string reason);
}

/// <param name="Report">What the check found.</param>
/// <param name="At">Business time of the check.</param>
internal sealed record DriftCheckResult(DriftReport Report, DateTimeOffset At);
