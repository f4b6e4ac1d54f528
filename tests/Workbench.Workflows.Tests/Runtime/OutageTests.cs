using Microsoft.Extensions.Time.Testing;
using Workbench.Workflows.Storage;

namespace Workbench.Workflows.Runtime;

/// <summary>What becomes of a step while its worker cannot reach the database. Lease 15 s; a step goes on for 12 s of silence.</summary>
public sealed class OutageTests : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2025, 4, 8, 0, 0, 0, TimeSpan.Zero));
    private readonly ScriptedExecutor _executor = new();
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TestStore _store = null!; // set by InitializeAsync before any test
    private OutageDialect _database = null!; // set by InitializeAsync before any test
    private WorkflowEngine _engine = null!; // set by InitializeAsync before any test

    public async ValueTask InitializeAsync()
    {
        _store = await TestStore.CreateAsync(_time);
        _database = new(_store.Store.Database.Dialect);
        _engine = new(new WorkflowStore(_database, _time), TestEngine.Catalog, time: _time);
        _executor.On("a", async (_, cancellationToken) =>
        {
            _begun.SetResult();
            await _release.Task.WaitAsync(cancellationToken);
            return new();
        });
        await _engine.PublishAsync(new FlowBuilder().Steps("a").Build());
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task Heartbeat_ShortOutage_StepGoesOnAndEndsOnce()
    {
        var (id, running) = await StartAsync();
        _database.IsOut = true;
        await PassAsync(TimeSpan.FromSeconds(8));
        _database.IsOut = false;
        _release.SetResult();
        await running.WaitAsync(Deadline);

        var run = await _store.Store.GetRunAsync(id);
        Assert.Equal((RunSubStatus.Finished, 1), (run!.SubStatus, run.Steps[0].Attempt));
        Assert.True(_database.Refused > 0);
    }

    [Fact]
    public async Task Complete_DuringAnOutage_IsRecordedAfterIt()
    {
        var (id, running) = await StartAsync();
        _database.IsOut = true;
        _release.SetResult();
        while (_database.Refused < 3) // The step's end was refused more than once.
            await PassAsync(TimeSpan.FromMilliseconds(250));
        Assert.False(running.IsCompleted);
        _database.IsOut = false;
        while (!running.IsCompleted)
            await PassAsync(TimeSpan.FromMilliseconds(250));
        await running;

        var run = await _store.Store.GetRunAsync(id);
        Assert.Equal((RunSubStatus.Finished, 1), (run!.SubStatus, run.Steps[0].Attempt));
    }

    [Fact]
    public async Task Heartbeat_LongOutage_StepIsStoppedBeforeAnotherWorkerMayStartIt()
    {
        var (id, running) = await StartAsync();
        _database.IsOut = true;
        await PassAsync(TimeSpan.FromSeconds(11));
        Assert.False(_executor.Calls.Count > 1 || running.IsCompleted);
        await PassAsync(TimeSpan.FromSeconds(1)); // 12 s of silence: four fifths of the lease
        var other = new WorkflowEngine(_store.Store, TestEngine.Catalog, time: _time);
        Assert.Null(await other.Leases.ClaimAsync("other", default));
        while (!running.IsCompleted)
            await PassAsync(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<WorkflowException>(() => running); // Nothing could be recorded.

        await other.Leases.ReapAsync(default);
        Assert.Equal(2, (await other.Leases.ClaimAsync("other", default))?.Context.Attempt);
        Assert.Single(_executor.Calls);
        Assert.Equal(["Started", "Started", "Interrupted", "Started"], (await _store.Store.GetJournalAsync(id)).Select(entry => entry.EventName));
    }

    [Fact]
    public async Task Worker_DatabaseAwayForTenMinutes_WaitsAndGoesOn()
    {
        using var stop = new CancellationTokenSource();
        var failures = 0;
        var worker = new WorkflowWorker(_engine, _executor);
        worker.Failed += _ => Interlocked.Increment(ref failures);
        _database.IsOut = true;
        var running = worker.RunAsync(1, stop.Token);
        for (var passed = TimeSpan.Zero; passed < TimeSpan.FromMinutes(10); passed += TimeSpan.FromSeconds(1))
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1);
        }
        Assert.False(running.IsCompleted);
        Assert.InRange(failures, 10, 200); // Every five seconds in the end: 120 in ten minutes, and not one each look.

        _database.IsOut = false;
        _release.SetResult();
        var id = await new WorkflowEngine(_store.Store, TestEngine.Catalog, time: _time).StartRunAsync("flow", null, new("test", "tester"));
        while ((await _store.Store.GetRunAsync(id))!.Status != RunStatus.Finished)
            await PassAsync(TimeSpan.FromSeconds(1));
        await stop.CancelAsync();
        await running;
    }

    private async Task<(string RunId, Task Running)> StartAsync()
    {
        var id = await _engine.StartRunAsync("flow", null, new("test", "tester"));
        var running = new WorkflowWorker(_engine, _executor).ExecuteNextAsync();
        await _begun.Task.WaitAsync(Deadline);
        return (id, running);
    }

    /// <summary>Time passes in steps of at most a quarter second, with room between them for what it sets off.</summary>
    private async Task PassAsync(TimeSpan time)
    {
        var step = TimeSpan.FromMilliseconds(250);
        for (var passed = TimeSpan.Zero; passed < time; passed += step)
        {
            _time.Advance(step);
            await Task.Delay(2);
        }
    }
}
