using System.Diagnostics;
using Dapper;
using Workbench.Workflows.Storage;
using Workbench.Workflows.Validation;

namespace Workbench.Workflows.Runtime;

/// <summary>
/// Every shape with every incident, all at once, on both databases, by one and by two worker processes
/// (Workbench.Workflows.TestWorker), all of which are killed with SIGKILL in the middle of their steps.
/// </summary>
public sealed class MatrixTests : IAsyncDisposable
{
    private const int Parallelism = 20;
    private static readonly string[] Incidents = ["none", "fail", "retry", "cancel", "kill", "resume"];
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    private readonly List<Process> _workers = [];
    private readonly CancellationTokenSource _deadline = new(Deadline);

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers.ToList())
            await KillAsync(worker);
        _deadline.Dispose();
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite, 1)]
    [InlineData(DatabaseKind.Sqlite, 2)]
    [InlineData(DatabaseKind.PostgreSql, 1)]
    [InlineData(DatabaseKind.PostgreSql, 2)]
    public async Task Run_EveryShapeAndIncident_EndsAsItsSemanticsSay(DatabaseKind kind, int workers)
    {
        await using var store = await TestStore.CreateAsync(kind: kind);
        await CreateTablesAsync(store);
        var engine = new WorkflowEngine(store.Store, new ActivityCatalog(new ActivityDescriptor("Test.Work") { HasOpenOutputs = true }));
        for (var worker = 0; worker < workers; worker++)
            Start(store);
        var cases = await StartRunsAsync(engine);

        await WaitForStartsAsync(store, cases.Where(run => run.Incident is "cancel" or "kill"));
        foreach (var run in cases.Where(run => run.Incident == "cancel"))
            await engine.CancelRunAsync(run.Id, "the matrix says so", "tester", _deadline.Token);
        foreach (var run in cases.Where(run => run.Incident is "cancel" or "fail" or "resume"))
            await engine.WaitForRunAsync(run.Id, _deadline.Token);
        foreach (var run in cases.Where(run => run.Incident == "resume"))
            await engine.RetryRunAsync(run.Id, "tester", _deadline.Token);
        foreach (var victim in _workers.ToList())
        {
            await KillAsync(victim);
            Start(store);
        }

        var problems = new List<string>();
        foreach (var run in cases)
            problems.AddRange(await ProblemsAsync(store, run, await engine.WaitForRunAsync(run.Id, _deadline.Token)));
        Assert.Empty(problems);
    }

    private static Task CreateTablesAsync(TestStore store) => store.Store.Database.ReadAsync(connection => connection.ExecuteAsync("""
        create table starts (step text not null, attempt integer not null, pid integer not null, primary key (step, attempt));
        create table effects (step text not null primary key, attempt integer not null);
        """), default);

    private async Task<List<MatrixRun>> StartRunsAsync(WorkflowEngine engine)
    {
        var runs = new List<MatrixRun>();
        foreach (var shape in MatrixShape.Shapes)
            foreach (var incident in Incidents)
            {
                var definition = await engine.PublishAsync(shape.Build(incident switch { "cancel" or "kill" => "hang", "resume" => "fail", _ => incident }) with { DefinitionId = $"{shape.Name} {incident}" });
                runs.Add(new(await engine.StartRunAsync(definition.DefinitionId, null, new(incident, "tester"), _deadline.Token), shape, incident));
            }
        return runs;
    }

    private async Task WaitForStartsAsync(TestStore store, IEnumerable<MatrixRun> runs)
    {
        var awaited = runs.Select(run => $"{run.Id}/f").ToHashSet();
        while (awaited.Count > 0)
        {
            awaited.ExceptWith(await store.Store.Database.ReadAsync(connection => connection.QueryAsync<string>("select step from starts"), default));
            await Task.Delay(50, _deadline.Token);
        }
    }

    private static async Task<IReadOnlyList<string>> ProblemsAsync(TestStore store, MatrixRun run, WorkflowRun ended)
    {
        var completed = ended.Steps.Where(step => step is { Status: StepStatus.Completed, IsReplaced: false, ActivityType: "Test.Work" }).Select(step => step.ActivityId).Order().ToList();
        var journal = await store.Store.GetJournalAsync(run.Id, take: int.MaxValue);
        var effects = await store.Store.Database.ReadAsync(
            connection => connection.ExecuteScalarAsync<long>("select count(*) from effects where step like @Pattern", new { Pattern = run.Id + "/%" }), default);
        var focus = ended.Steps.First(step => step.StepId == "f");
        var problems = new List<string>();
        Expect(run.EndsWell ? RunSubStatus.Finished : run.Incident == "cancel" ? RunSubStatus.Cancelled : RunSubStatus.Faulted, ended.SubStatus, "ended");
        Expect(0, ended.Steps.Count(step => step.Status is StepStatus.Pending or StepStatus.Running), "open steps");
        Expect(run.Incident == "fail" ? 1 : 0, ended.IncidentCount, "incidents");
        if (run.EndsWell)
            Expect(string.Join(' ', run.Shape.All), string.Join(' ', completed), "steps");
        else
            Expect("", string.Join(' ', run.Shape.Before.Except(completed).Concat(completed.Intersect(run.Shape.After))), "steps that are missing or should not be");
        Expect(completed.Count, (int)effects, "effects");
        Expect(ended.Steps.Count(step => step.Status == StepStatus.Completed), journal.Count(entry => entry is { StepId: not null, EventName: "Completed" }), "completions");
        Expect(run.Incident is "retry" or "kill" ? 2 : 1, focus.Attempt, "attempts of f");
        Expect(run.Incident == "retry", journal.Any(entry => entry is { StepId: "f", EventName: "Retrying" }), "retried");
        if (run.Incident == "kill")
            Expect(true, journal.Any(entry => entry is { StepId: "f", EventName: "Interrupted" }), "interrupted");
        return problems;

        void Expect<T>(T expected, T actual, string what)
        {
            if (!Equals(expected, actual))
                problems.Add($"{run.Shape.Name}, {run.Incident}: {what} is {actual}, not {expected}. {ended.Fault}");
        }
    }

    private void Start(TestStore store)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Workbench.Workflows.TestWorker");
        _workers.Add(Process.Start(program, ["node", store.Database, $"{Parallelism}"]));
    }

    private async Task KillAsync(Process worker)
    {
        _workers.Remove(worker);
        worker.Kill(); // SIGKILL
        await worker.WaitForExitAsync();
        worker.Dispose();
    }

    private sealed record MatrixRun(string Id, MatrixShape Shape, string Incident)
    {
        public bool EndsWell => Incident is not ("fail" or "cancel");
    }
}
