using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Workbench.Workflows.Model;
using Workbench.Workflows.Runtime;
using Workbench.Workflows.Storage;
using Workbench.Workflows.Validation;

namespace Workbench.Workflows.Benchmarks;

/// <summary>What the engine takes for itself: steps that do nothing, the way to a first step, a long queue, a second node.</summary>
internal sealed class EngineBenchmark(string name, string database)
{
    private const int ChainLength = 10;
    private const int Starters = 8;
    private const int Chains = 200;
    private const int Starts = 100;
    private const int QueuedRuns = 10_000;
    private const int SuspendedRuns = 1_000;
    private const int WaitingSteps = 240;
    private const int NodeParallelism = 8;
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(10);

    private readonly ActivityCatalog _catalog = new(new ActivityDescriptor("Test.Work") { HasOpenOutputs = true }, ApprovalActivity.Describe("Test.Approve"));

    /// <summary>The names of what can be measured.</summary>
    public static IReadOnlyList<string> Parts { get; } = ["throughput", "latency", "nodes", "queue", "approvals"];

    public async Task RunAsync(IReadOnlyCollection<string> parts)
    {
        await using var store = WorkflowStore.Open(database);
        await store.MigrateAsync();
        if (parts.Contains("throughput"))
            await ThroughputAsync(store);
        if (parts.Contains("latency"))
        {
            await LatencyAsync(store, isOtherProcess: false);
            await LatencyAsync(store, isOtherProcess: true);
        }
        if (parts.Contains("nodes"))
            await NodesAsync(store);
        if (parts.Contains("queue"))
            await QueueAsync(store);
        if (parts.Contains("approvals"))
            await ApprovalsAsync(store);
    }

    private async Task ThroughputAsync(WorkflowStore store)
    {
        var engine = new WorkflowEngine(store, _catalog);
        await engine.PublishAsync(Chain("chain", ChainLength));
        await using var worker = new RunningWorker(engine, new BenchmarkExecutor(), parallelism: 4);
        await RunAllAsync(engine, "chain", 5); // Warm.
        var clock = Stopwatch.StartNew();
        await RunAllAsync(engine, "chain", Chains);
        Say($"{Chains * ChainLength} steps that do nothing, chains of {ChainLength}, one worker of 4: {Chains * ChainLength / clock.Elapsed.TotalSeconds:0} steps/s");
    }

    /// <summary>A worker of another process, which shares nothing but the database, and one of this process.</summary>
    private async Task LatencyAsync(WorkflowStore store, bool isOtherProcess)
    {
        var engine = new WorkflowEngine(store, _catalog);
        await engine.PublishAsync(Chain("one", 1));
        var executor = new BenchmarkExecutor();
        await using var other = WorkflowStore.Open(database);
        await using var worker = new RunningWorker(isOtherProcess ? new WorkflowEngine(other, _catalog) : engine, executor, parallelism: 2);
        var milliseconds = new List<double>();
        var random = new Random(7);
        for (var start = 0; start < Starts; start++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(250))); // So that starts do not keep in step with the worker's looks.
            var next = executor.NextAsync();
            var began = Stopwatch.GetTimestamp();
            var run = await engine.StartRunAsync("one", null, new("benchmark", "benchmark"));
            milliseconds.Add(Stopwatch.GetElapsedTime(began, await next).TotalMilliseconds);
            await engine.WaitForRunAsync(run);
        }
        milliseconds.Sort();
        Say($"start to first step, worker {(isOtherProcess ? "elsewhere" : "in the same process")}, {Starts} starts: p50 {milliseconds[Starts / 2]:0.0} ms, p95 {milliseconds[Starts * 95 / 100]:0.0} ms");
    }

    private async Task NodesAsync(WorkflowStore store)
    {
        var engine = new WorkflowEngine(store, _catalog);
        await engine.PublishAsync(Chain("wait", 1));
        var one = await NodesAsync(engine, nodes: 1);
        var two = await NodesAsync(engine, nodes: 2);
        Say($"{WaitingSteps} steps that wait {Wait.TotalMilliseconds:0} ms, {NodeParallelism} at a time and node: 1 node {one.TotalSeconds:0.00} s, 2 nodes {two.TotalSeconds:0.00} s, {one / two:0.00} times as fast");
    }

    private async Task<TimeSpan> NodesAsync(WorkflowEngine engine, int nodes)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Workbench.Workflows.TestWorker");
        var processes = Enumerable.Range(0, nodes).Select(_ => Process.Start(program,
            ["wait", database, NodeParallelism.ToString(CultureInfo.InvariantCulture), Wait.TotalMilliseconds.ToString(CultureInfo.InvariantCulture)])).ToList();
        try
        {
            await RunAllAsync(engine, "wait", NodeParallelism * nodes * 2); // Until every node has started.
            var clock = Stopwatch.StartNew();
            await RunAllAsync(engine, "wait", WaitingSteps);
            return clock.Elapsed;
        }
        finally
        {
            foreach (var process in processes)
            {
                process.Kill();
                await process.WaitForExitAsync();
                process.Dispose();
            }
        }
    }

    private async Task QueueAsync(WorkflowStore store)
    {
        var engine = new WorkflowEngine(store, _catalog);
        await engine.PublishAsync(Chain("one", 1));
        var before = Memory();
        var clock = Stopwatch.StartNew();
        var runs = new List<string>();
        for (var run = 0; run < QueuedRuns; run++)
            runs.Add(await engine.StartRunAsync("one", null, new("benchmark", "benchmark")));
        var queued = (Time: clock.Elapsed, Memory: Memory());
        await using var worker = new RunningWorker(engine, new BenchmarkExecutor(), parallelism: 4);
        clock.Restart();
        await engine.WaitForRunAsync(runs[QueuedRuns / 2]);
        var half = Memory();
        await engine.WaitForRunAsync(runs[^1]);
        Say($"{QueuedRuns} queued runs: started {QueuedRuns / queued.Time.TotalSeconds:0}/s, done {QueuedRuns / clock.Elapsed.TotalSeconds:0}/s; managed memory {before:0.0} MB before, {queued.Memory:0.0} MB queued, {half:0.0} MB at half, {Memory():0.0} MB after");
    }

    /// <summary>Suspended runs hold no thread and no memory, and cost an idle worker nothing.</summary>
    private async Task ApprovalsAsync(WorkflowStore store)
    {
        var engine = new WorkflowEngine(store, _catalog);
        await engine.PublishAsync(Chain("ask", 1, "Test.Approve"));
        await using var worker = new RunningWorker(engine, new BenchmarkExecutor(), parallelism: 4);
        await engine.StartRunAsync("ask", null, new("benchmark", "benchmark")); // Warm.
        var before = Memory();
        var clock = Stopwatch.StartNew();
        var runs = new List<string>();
        for (var run = 0; run < SuspendedRuns; run++)
            runs.Add(await engine.StartRunAsync("ask", null, new("benchmark", "benchmark")));
        var (started, suspended) = (clock.Elapsed, Memory());
        var processor = Environment.CpuUsage.TotalTime;
        await Task.Delay(IdleTime);
        var idle = (Environment.CpuUsage.TotalTime - processor) / IdleTime;
        var waited = Memory();
        var waiting = await store.ListApprovalsAsync(new() { Status = ApprovalStatus.Waiting, Take = 2 * SuspendedRuns });
        clock.Restart();
        foreach (var approval in waiting)
            await engine.DecideAsync(approval.Id, approve: true, "benchmark", null);
        var decided = clock.Elapsed;
        await engine.WaitForRunAsync(runs[^1]);
        Say($"{SuspendedRuns} suspended approvals: suspended {SuspendedRuns / started.TotalSeconds:0}/s, decided {waiting.Count / decided.TotalSeconds:0}/s; managed memory {before:0.0} MB before, {suspended:0.0} MB suspended, {waited:0.0} MB after {IdleTime.TotalSeconds:0} s, {Memory():0.0} MB after; the idle worker takes {idle:P1} of a core");
    }

    /// <summary>Starts several runs at a time, so that workers wait for steps and not for the starter.</summary>
    private static async Task RunAllAsync(WorkflowEngine engine, string workflow, int count)
    {
        var runs = new ConcurrentBag<string>();
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = Starters },
            async (_, cancellationToken) => runs.Add(await engine.StartRunAsync(workflow, null, new("benchmark", "benchmark"), cancellationToken)));
        foreach (var run in runs)
            await engine.WaitForRunAsync(run);
    }

    private static WorkflowDefinition Chain(string id, int length, string type = "Test.Work")
    {
        var activities = Enumerable.Range(0, length).Select(index => (JsonNode)new JsonObject { ["id"] = $"s{index}", ["type"] = type });
        var edges = Enumerable.Range(1, length - 1).Select(index => (JsonNode)new JsonObject
        {
            ["source"] = new JsonObject { ["activity"] = $"s{index - 1}", ["port"] = "Done" }, ["target"] = new JsonObject { ["activity"] = $"s{index}", ["port"] = "In" },
        });
        return WorkflowDefinition.Parse(new JsonObject
        {
            ["definitionId"] = id, ["name"] = id,
            ["root"] = new JsonObject { ["id"] = "Flowchart1", ["type"] = "Elsa.Flowchart", ["activities"] = new JsonArray([.. activities]), ["connections"] = new JsonArray([.. edges]) },
        });
    }

    private static double Memory() => GC.GetTotalMemory(forceFullCollection: true) / 1e6;

    private void Say(string text) => Console.WriteLine($"{name}: {text}");
}
