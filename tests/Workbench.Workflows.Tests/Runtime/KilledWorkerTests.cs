using System.Diagnostics;
using Dapper;
using Workbench.Workflows.Storage;
using Workbench.Workflows.Validation;

namespace Workbench.Workflows.Runtime;

/// <summary>Real worker processes (Workbench.Workflows.TestWorker) that are killed with SIGKILL in the middle of a step.</summary>
public sealed class KilledWorkerTests : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly List<Process> _workers = [];
    private TestStore _store = null!; // set by InitializeAsync before any test
    private WorkflowEngine _engine = null!; // set by InitializeAsync before any test

    public async ValueTask InitializeAsync()
    {
        _store = await TestStore.CreateAsync();
        _engine = new(_store.Store, new ActivityCatalog(new ActivityDescriptor("Test.Work") { HasOpenOutputs = true }));
        await using var connection = await _store.OpenAsync(default);
        await connection.ExecuteAsync("""
            create table starts (step text not null, attempt integer not null, pid integer not null);
            create table effects (step text not null primary key, attempt integer not null);
            """);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
        {
            worker.Kill(entireProcessTree: true);
            await worker.WaitForExitAsync();
            worker.Dispose();
        }
        await _store.DisposeAsync();
    }

    [Theory]
    [InlineData("hang")]
    [InlineData("stubborn")]
    public async Task Kill_WorkerInMidStep_AnotherFinishesTheRunWithEachEffectOnce(string manner)
    {
        var flow = new FlowBuilder().Steps("first", "left", "right", "last").Activity("middle", "Test.Work",
                ("hang", FlowBuilder.Value("Boolean", "Literal", true)), ("stubborn", FlowBuilder.Value("Boolean", "Literal", manner == "stubborn")))
            .Edges("first -> middle, middle -> left -> last, middle -> right -> last").Build();
        await _engine.PublishAsync(flow);
        var run = await _engine.StartRunAsync("flow", null, new("test", "tester"));
        var victim = Start();
        var child = await WaitForStartAsync($"{run}/middle");

        victim.Kill(); // SIGKILL to the worker alone; its child is left behind
        await victim.WaitForExitAsync();
        using var deadline = new CancellationTokenSource(Deadline);
        if (manner == "hang") // A well-behaved child watches its parent; a stubborn one is killed by the next attempt.
            while (child.IsAlive)
                await Task.Delay(50, deadline.Token);
        Start();
        var ended = await _engine.WaitForRunAsync(run, deadline.Token);

        Assert.Equal(RunSubStatus.Finished, ended.SubStatus);
        Assert.Equal([("first", 1), ("middle", 2), ("left", 1), ("right", 1), ("last", 1)], ended.Steps.Select(step => (step.StepId, step.Attempt)));
        await using var connection = await _store.OpenAsync(default);
        var starts = (await connection.QueryAsync<(string, long)>("select step, count(*) from starts group by step order by step")).ToList();
        Assert.Equal([($"{run}/first", 1), ($"{run}/last", 1), ($"{run}/left", 1), ($"{run}/middle", 2), ($"{run}/right", 1)], starts);
        Assert.Equal(5, await connection.ExecuteScalarAsync<long>("select count(*) from effects"));
        var completions = (await _store.Store.GetJournalAsync(run)).Where(entry => entry is { EventName: "Completed", StepId: not null });
        Assert.Equal(["first", "last", "left", "middle", "right"], completions.Select(entry => entry.StepId).Order());
        Assert.False(child.IsAlive);
    }

    private Process Start()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Workbench.Workflows.TestWorker");
        var worker = Process.Start(program, ["worker", _store.Database, Path.Combine(_store.Folder, "runs")]);
        _workers.Add(worker);
        return worker;
    }

    private async Task<ProcessIdentity> WaitForStartAsync(string step)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        await using var connection = await _store.OpenAsync(deadline.Token);
        while (true)
        {
            if (await connection.ExecuteScalarAsync<int?>("select pid from starts where step = @step", new { step }) is { } id)
                return ProcessIdentity.Find(id) ?? throw new InvalidOperationException($"The process {id} of '{step}' has ended already.");
            await Task.Delay(50, deadline.Token);
        }
    }
}
