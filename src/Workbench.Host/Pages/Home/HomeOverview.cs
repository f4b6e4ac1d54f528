using Workbench.Host.Api;
using Workbench.Host.Serving;
using Workbench.Host.Triggers;
using Workbench.Monitoring;
using Workbench.Registry;
using Workbench.Serving.Sessions;
using Workbench.Workflows.Storage;

namespace Workbench.Host.Pages.Home;

/// <summary>What someone who answers for the pipelines wants to see in the morning, read at once.</summary>
internal sealed class HomeOverview(ModelRegistry registry, ServedModels served, ChampionWatcher watcher, WorkflowStore workflows, AlertEngine alerts, TriggerDesk triggers, HostSettings settings)
{
    private const int LatestRuns = 12;
    private const int LatestReports = 12;
    private const int NextFires = 8;

    public async Task<HomeView> ReadAsync(CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow();
        var (_, failed) = await workflows.SearchRunsAsync(new()
        {
            SubStatuses = [RunSubStatus.Faulted], Times = [new(RunTime.Created, RunTimeComparison.GreaterThanOrEqual, now - TimeSpan.FromHours(24))], Take = 1,
        }, cancellationToken);
        return new(
            now,
            await ModelEndpoints.ListAsync(registry, served, watcher, cancellationToken),
            await workflows.ListApprovalsAsync(new() { Status = ApprovalStatus.Waiting, Take = 20 }, cancellationToken),
            [.. (await alerts.StatesAsync(cancellationToken)).Where(state => state.State is AlertState.Firing or AlertState.Pending)],
            await workflows.ListRunsAsync(new RunFilter { Take = LatestRuns }, cancellationToken),
            failed,
            await NodeEndpoints.ListAsync(workflows, cancellationToken),
            NextOf(await triggers.ListAsync(cancellationToken: cancellationToken)),
            [.. OverviewEndpoints.Reports(settings.Folder.Reports).Take(LatestReports)]);
    }

    /// <summary>The next moment of each schedule, soonest first.</summary>
    public static IReadOnlyList<NextFire> NextOf(IEnumerable<TriggerView> triggers) =>
        [.. triggers.SelectMany(trigger => trigger.NextFireTimes.Take(1).Select(at => new NextFire(at, trigger.Workflow, trigger.Name, trigger.When))).OrderBy(next => next.At).Take(NextFires)];
}

/// <summary>A moment at which a trigger starts a run.</summary>
internal sealed record NextFire(DateTimeOffset At, string Workflow, string Trigger, string When);

/// <param name="Now">When it was read.</param>
/// <param name="Models">All models.</param>
/// <param name="Approvals">Questions that wait for a decision.</param>
/// <param name="Alerts">Rules that fire or are about to.</param>
/// <param name="Runs">The latest runs.</param>
/// <param name="FailedRuns">Runs of the last 24 hours that failed.</param>
/// <param name="Nodes">Hosts that share the database.</param>
/// <param name="Next">When schedules start the next runs.</param>
/// <param name="Reports">The latest report files.</param>
internal sealed record HomeView(
    DateTimeOffset Now, IReadOnlyList<ModelView> Models, IReadOnlyList<Approval> Approvals, IReadOnlyList<AlertStatus> Alerts, IReadOnlyList<WorkflowRun> Runs, long FailedRuns,
    IReadOnlyList<NodeView> Nodes, IReadOnlyList<NextFire> Next, IReadOnlyList<ReportView> Reports);
