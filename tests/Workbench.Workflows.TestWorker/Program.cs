using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Dapper;
using Workbench.Workflows;
using Workbench.Workflows.Runtime;
using Workbench.Workflows.Storage;
using Workbench.Workflows.Validation;

// worker DATABASE RUNS            runs steps of all runs, each in a process of its own, until it is killed
// node DATABASE PARALLELISM       runs steps of all runs in its own process until it is killed
// wait DATABASE PARALLELISM MS    the same with steps that only wait, and the options that a host has
// step DATABASE REQUEST RESULT    does one step: notes its start, waits, has its effect, writes its result
return args switch
{
    ["worker", var database, var runs] => await WorkAsync(database, runs),
    ["node", var database, var parallelism] => await ServeAsync(database, store => new MatrixExecutor(store), Number(parallelism)),
    ["wait", var database, var parallelism, var milliseconds] =>
        await ServeAsync(database, _ => new WaitExecutor(TimeSpan.FromMilliseconds(Number(milliseconds))), Number(parallelism), new()),
    ["step", var database, var request, var result] => await StepAsync(database, request, result),
    _ => 2,
};

static async Task<int> WorkAsync(string database, string runs)
{
    await using var store = WorkflowStore.Open(database);
    var engine = CreateEngine(store, TimeSpan.FromSeconds(2));
    var executor = new ProcessStepExecutor(new()
    {
        Command = Environment.ProcessPath!,
        Arguments = ["step", database, ProcessStepOptions.RequestPlaceholder, ProcessStepOptions.ResultPlaceholder],
        RunsFolder = runs,
        GracePeriod = TimeSpan.FromMilliseconds(300),
    });
    await new WorkflowWorker(engine, executor).RunAsync(parallelism: 2);
    return 0;
}

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

static async Task<int> ServeAsync(string database, Func<WorkflowStore, IStepExecutor> executor, int parallelism, WorkflowEngineOptions? options = null)
{
    await using var store = WorkflowStore.Open(database);
    await new WorkflowWorker(CreateEngine(store, TimeSpan.FromSeconds(5), options), executor(store)).RunAsync(parallelism);
    return 0;
}

static WorkflowEngine CreateEngine(WorkflowStore store, TimeSpan lease, WorkflowEngineOptions? options = null) =>
    new(store, new ActivityCatalog(new ActivityDescriptor("Test.Work") { HasOpenOutputs = true }), options ?? new()
    {
        Lease = lease,
        HeartbeatInterval = TimeSpan.FromMilliseconds(200),
        PollInterval = TimeSpan.FromMilliseconds(50),
    });

static async Task<int> StepAsync(string database, string requestFile, string resultFile)
{
    var context = StepContext.Read(requestFile);
    var isStubborn = context.Attempt == 1 && context.Inputs["stubborn"]?.GetValue<bool>() is true;
    using var term = isStubborn ? PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => signal.Cancel = true) : null;
    var parent = isStubborn ? Task.Delay(Timeout.Infinite) : ParentProcess.WaitUntilGoneAsync();
    await using var store = WorkflowStore.Open(database);
    await using var connection = await store.Database.Dialect.OpenAsync(default);
    await connection.ExecuteAsync("insert into starts (step, attempt, pid) values (@Key, @Attempt, @pid)",
        new { context.Key, context.Attempt, pid = Environment.ProcessId });
    Console.WriteLine($"working on {context.ActivityName}");
    var isHanging = context.Attempt == 1 && context.Inputs["hang"]?.GetValue<bool>() is true;
    if (await Task.WhenAny(parent, Task.Delay(isHanging ? 60_000 : 20)) == parent)
        return 1;
    // An effect outside the engine carries the key, so that it happens once however often the step starts.
    await connection.ExecuteAsync("insert into effects (step, attempt) values (@Key, @Attempt) on conflict (step) do nothing",
        new { context.Key, context.Attempt });
    new StepResult { Outputs = new JsonObject { ["done"] = context.ActivityName }, Message = "worked" }.Write(resultFile);
    return 0;
}
