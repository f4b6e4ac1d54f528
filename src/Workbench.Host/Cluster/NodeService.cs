using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Workbench.Workflows.Storage;

namespace Workbench.Host.Cluster;

/// <summary>
/// This host among those that share the database: says every two seconds that it is there, and holds the duties that only one
/// node may do. When the holder dies another has them within eight seconds. Thread-safe.
/// </summary>
internal sealed partial class NodeService(WorkflowStore store, HostSettings settings, IServer server, ILogger<NodeService> logger) : BackgroundService
{
    /// <summary>Evaluating rules, telling the channels, checking drift.</summary>
    public const string Monitoring = "monitoring";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Term = TimeSpan.FromSeconds(6);
    // Our own clock stops before the database's: the statement was on its way for a while.
    private static readonly TimeSpan TrustedTerm = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan NameIsFree = WorkflowStore.NodeLifetime + TimeSpan.FromSeconds(2);

    private readonly string _instance = Guid.NewGuid().ToString("N");
    private long _heldAt;
    private bool _isHeld;
    private string? _problem;

    /// <summary>Whether this node, and no other, looks at the rules now.</summary>
    public bool IsMonitoring => Volatile.Read(ref _isHeld) && TimeProvider.System.GetElapsedTime(Interlocked.Read(ref _heldAt)) < TrustedTerm;

    /// <summary>Joins the nodes. A name that a killed host had is free after ten seconds, for which this waits.</summary>
    /// <exception cref="CommandException">A living host has the name.</exception>
    public async Task JoinAsync(CancellationToken cancellationToken)
    {
        var isWaiting = false;
        for (var since = TimeProvider.System.GetTimestamp(); !await store.BeatNodeAsync(Describe(), cancellationToken); await Task.Delay(Interval / 4, cancellationToken))
        {
            if (!isWaiting)
                LogWaits(settings.Node);
            isWaiting = true;
            if (TimeProvider.System.GetElapsedTime(since) < NameIsFree)
                continue;
            var other = (await store.ListNodesAsync(cancellationToken)).FirstOrDefault(node => node.Name == settings.Node);
            throw new CommandException($"A living host is called '{settings.Node}' ({other?.Address}, process {other?.ProcessId} of {other?.Machine}). Choose another name with --node, or leave it out.");
        }
        await HoldAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await LeaveAsync(cancellationToken);
    }

    /// <summary>The name and the duties are free for others at once.</summary>
    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        Volatile.Write(ref _isHeld, false);
        try
        {
            await store.RemoveNodeAsync(_instance, cancellationToken);
        }
        catch (Exception failure) when (ExpectedFailure.Is(failure))
        {
            LogNotRemoved(failure.Message);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (!await store.BeatNodeAsync(Describe(), stoppingToken))
                    Report("another host took its name while this one could not reach the database; start it again with a name of its own.");
                else
                    _problem = null;
                await HoldAsync(stoppingToken);
            }
            catch (Exception failure) when (ExpectedFailure.Is(failure))
            {
                Report(failure.Message);
            }
        }
    }

    private async Task HoldAsync(CancellationToken cancellationToken)
    {
        if (settings.MonitoringInterval is null)
            return;
        var asked = TimeProvider.System.GetTimestamp();
        var isHeld = await store.HoldDutyAsync(Monitoring, _instance, Term, cancellationToken);
        Interlocked.Exchange(ref _heldAt, asked);
        if (isHeld && !_isHeld)
            LogHolds(settings.Node, Monitoring);
        Volatile.Write(ref _isHeld, isHeld);
    }

    private WorkflowNode Describe() => new()
    {
        Name = settings.Node, Instance = _instance, Machine = Environment.MachineName, ProcessId = Environment.ProcessId, Parallelism = settings.Parallelism,
        Address = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? settings.Url,
    };

    /// <summary>Once for as long as it lasts.</summary>
    private void Report(string problem)
    {
        if (_problem != problem)
            LogProblem(settings.Node, problem);
        _problem = problem;
    }

    [LoggerMessage(3501, LogLevel.Information, "Node {Node} takes over {Duty}")]
    private partial void LogHolds(string node, string duty);

    [LoggerMessage(3504, LogLevel.Warning, "The name {Node} is taken, perhaps by a host that was killed: waiting at most twelve seconds for it")]
    private partial void LogWaits(string node);

    [LoggerMessage(3502, LogLevel.Error, "Node {Node} goes on, but: {Problem}")]
    private partial void LogProblem(string node, string problem);

    [LoggerMessage(3503, LogLevel.Warning, "The node's row stays until it counts as lost: {Reason}")]
    private partial void LogNotRemoved(string reason);
}
