using Workbench.Host.Cluster;
using Workbench.Monitoring;
using Workbench.Registry;

namespace Workbench.Host.Monitoring;

/// <summary>Looks at the rules, tells the channels, and answers how well a model does. One at a time, and of several nodes one.</summary>
internal sealed partial class MonitoringService(
    Installation installation, MonitoringConfig config, PredictionLog predictions, LabelLog labels, AlertEngine alerts, AlertDispatcher dispatcher, MessageOutbox outbox,
    DriftMonitor drift, MetricTriggers metrics, NodeService node, HostSettings settings, ILogger<MonitoringService> logger) : BackgroundService
{
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _oneAtATime = new(1);

    /// <summary>One look: what is logged becomes visible, every rule is evaluated at the business time, what is due is sent.</summary>
    public async Task EvaluateAsync(CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            await FlushAsync(cancellationToken);
            foreach (var change in await alerts.EvaluateAsync(config.Rules, settings.Clock.GetUtcNow(), cancellationToken))
                LogChanged(change.Summary);
            foreach (var attempt in await dispatcher.DispatchAsync(cancellationToken))
                if (attempt.Error is { } error)
                    LogUndelivered(attempt.Channel, error, attempt.RetryAt);
            foreach (var attempt in await outbox.DispatchAsync(cancellationToken))
                if (attempt.Error is { } error)
                    LogUnsent(attempt.Channel, attempt.Message.Id, error, attempt.RetryAt);
            await metrics.EvaluateAsync(settings.Clock.GetUtcNow(), cancellationToken);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>How well a model did on the requests of [from, to), as far as labels are known.</summary>
    public async Task<PerformanceWindow> PerformanceAsync(string model, int? version, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        await installation.Registry.ListVersionsAsync(model, cancellationToken);
        if (to <= from)
            throw new RegistryException($"The window from {from:O} to {to:O} is empty; 'to' lies after 'from'.");
        await FlushAsync(cancellationToken);
        return await PerformanceWindow.ComputeAsync(settings.Folder, model, version, from, to, settings.Clock.GetUtcNow(), cancellationToken);
    }

    /// <summary>Accuracy by the week of the request for every version that answered any, weeks without labels left out.</summary>
    public async Task<IReadOnlyList<WeeklyAccuracy>> WeeklyAccuracyAsync(string model, CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        var history = (await installation.Registry.HistoryAsync(model, cancellationToken)).ToList();
        var now = settings.Clock.GetUtcNow();
        if (history.Count == 0 || history[0].At >= now)
            return [];
        var weeks = new List<WeeklyAccuracy>();
        foreach (int version in history.Select(change => change.ToVersion).Distinct().Order())
            weeks.AddRange((await PerformanceWindow.SeriesAsync(settings.Folder, model, version, history[0].At, now, now, Week, cancellationToken))
                .Where(week => week.Accuracy is not null).Select(week => new WeeklyAccuracy(version, week.From, week.Accuracy!.Value, week.Labelled)));
        return weeks;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (settings.MonitoringInterval is not { } interval)
            return;
        using var timer = new PeriodicTimer(interval < LongestWait ? interval : LongestWait);
        long? evaluatedAt = null;
        var lastDriftCheck = DateTimeOffset.MinValue;
        do
        {
            // Whoever takes over looks at once: the node before may have died half an interval ago.
            if (!node.IsMonitoring)
                evaluatedAt = null;
            else if (evaluatedAt is not { } last || TimeProvider.System.GetElapsedTime(last) >= interval)
            {
                evaluatedAt = TimeProvider.System.GetTimestamp();
                lastDriftCheck = await LookAsync(lastDriftCheck, stoppingToken);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<DateTimeOffset> LookAsync(DateTimeOffset lastDriftCheck, CancellationToken cancellationToken)
    {
        try
        {
            await EvaluateAsync(cancellationToken);
            if (settings.Clock.GetUtcNow() - lastDriftCheck < config.DriftInterval)
                return lastDriftCheck;
            lastDriftCheck = settings.Clock.GetUtcNow();
            await drift.CheckAllAsync(cancellationToken);
        }
        catch (Exception failure) when (ExpectedFailure.Is(failure))
        {
            LogFailed(failure.Message);
        }
        return lastDriftCheck;
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        await predictions.FlushAsync(cancellationToken);
        await labels.FlushAsync(cancellationToken);
        // What a node had not written when it was killed.
        await predictions.RecoverAsync(cancellationToken);
        await labels.RecoverAsync(cancellationToken);
    }

    [LoggerMessage(2001, LogLevel.Warning, "{Alert}")]
    private partial void LogChanged(string alert);

    [LoggerMessage(2002, LogLevel.Error, "Channel {Channel} did not take an alert, next attempt at {Retry}: {Error}")]
    private partial void LogUndelivered(string channel, string error, DateTimeOffset? retry);

    [LoggerMessage(2004, LogLevel.Error, "Channel {Channel} did not take the message {Message}, next attempt at {Retry}: {Error}")]
    private partial void LogUnsent(string channel, string message, string error, DateTimeOffset? retry);

    [LoggerMessage(2003, LogLevel.Error, "Monitoring failed and goes on: {Reason}")]
    private partial void LogFailed(string reason);
}

/// <param name="Version">Version that answered.</param>
/// <param name="From">First moment of the week of the requests.</param>
/// <param name="Accuracy">Share of labelled requests that were answered right, 0 to 1.</param>
/// <param name="Labelled">Requests with a known label.</param>
internal sealed record WeeklyAccuracy(int Version, DateTimeOffset From, double Accuracy, long Labelled);
