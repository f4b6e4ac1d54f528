using Workbench.Workflows.Storage;

namespace Workbench.Workflows.Runtime;

/// <summary>What steps write, on its way to whoever reads it.</summary>
public class StepLogTests
{
    protected virtual DatabaseKind Kind => DatabaseKind.Sqlite;

    [Fact]
    public async Task ReadLog_WhileTheStepRunsAndAfter_GivesWhatIsNew()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        var (begun, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        test.Executor.On("a", async (context, _) =>
        {
            context.Log.Report("first");
            begun.SetResult();
            await release.Task;
            context.Log.Report("second");
            return new();
        });
        var id = await test.StartAsync(new FlowBuilder().Steps("a").Build());
        var running = test.Worker.ExecuteNextAsync();
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30));
        var live = await ReadWhenThereAsync(test, id);
        release.SetResult();
        await running.WaitAsync(TimeSpan.FromSeconds(30));
        var rest = await test.Store.ReadLogAsync(id, "a", offset: live.NextOffset);

        Assert.Equal((1, 0L, "first\n", 6L, false), (live.Attempt, live.Offset, live.Text, live.NextOffset, live.IsComplete));
        Assert.Equal((1, 6L, "second\n", 13L, true), (rest!.Attempt, rest.Offset, rest.Text, rest.NextOffset, rest.IsComplete));
        Assert.Equal("irst\nsecond\n", (await test.Store.ReadLogAsync(id, "a", offset: 1))?.Text);
        Assert.Null(await test.Store.ReadLogAsync(id, "b"));
    }

    [Fact]
    public async Task ReadLog_OfEachAttempt_IsKept()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        test.Executor.On("a", context =>
        {
            context.Log.Report($"attempt {context.Attempt}");
            return context.Attempt == 1 ? throw new InvalidOperationException("flaky") : new StepResult();
        });
        var id = await test.StartAsync(new FlowBuilder().Step("a", ("maxAttempts", 2)).Build());
        await test.DrainAsync(id);
        test.Time.Advance(TimeSpan.FromSeconds(5));
        await test.DrainAsync(id);

        Assert.Equal(["attempt 1\n", "attempt 2\n", "attempt 2\n"],
            [(await test.Store.ReadLogAsync(id, "a", 1))?.Text, (await test.Store.ReadLogAsync(id, "a", 2))?.Text, (await test.Store.ReadLogAsync(id, "a"))?.Text]);
    }

    [Fact]
    public async Task ReadLog_LongerThanTheLimit_KeepsBothEnds()
    {
        await using var test = await TestEngine.CreateAsync(new() { MaxLogLength = 64_000 }, Kind);
        var lines = Enumerable.Range(0, 2000).Select(index => $"{index:0000} {new string('x', 95)}").ToList(); // 101 characters with the line's end
        test.Executor.On("a", context =>
        {
            lines.ForEach(context.Log.Report);
            return new StepResult();
        });
        var id = await test.StartAsync(new FlowBuilder().Steps("a").Build());
        await test.DrainAsync(id);

        var (text, gaps, offset) = ("", 0, 0L);
        while (await test.Store.ReadLogAsync(id, "a", offset: offset) is { Text.Length: > 0 } page)
        {
            gaps += page.Offset > offset ? 1 : 0;
            (text, offset) = (text + page.Text, page.NextOffset);
        }
        Assert.Equal(202_000, offset);
        Assert.Equal(1, gaps);
        Assert.InRange(text.Length, 16_000, 64_000 + 2 * 16_000); // whole chunks of at most 16,000 characters
        Assert.EndsWith("1999 " + new string('x', 95) + "\n", text);
    }

    [Fact]
    public async Task Report_TextThatNoDatabaseTakes_IsReplaced()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        test.Executor.On("a", context =>
        {
            context.Log.Report("nul \0, half \uD83D, whole \U0001F600");
            context.Progress.Report(new("half \uDE00"));
            throw new InvalidOperationException("nul \0");
        });
        var id = await test.StartAsync(new FlowBuilder().Steps("a").Build());

        var run = await test.DrainAsync(id);

        Assert.Equal(("a: nul \uFFFD", "half \uFFFD"), (run.Fault, run.Steps[0].Message));
        Assert.Equal("nul \uFFFD, half \uFFFD, whole \U0001F600\n", (await test.Store.ReadLogAsync(id, "a"))?.Text);
    }

    [Fact]
    public async Task SearchLogs_Text_FindsLinesOfAllRunsNewestFirst()
    {
        await using var test = await TestEngine.CreateAsync(kind: Kind);
        test.Executor.On("a", context =>
        {
            context.Log.Report("starting");
            context.Log.Report($"CUDA error 100% in {context.DefinitionId}");
            return new StepResult();
        });
        await test.Engine.PublishAsync(new FlowBuilder().Steps("a").Build("one"));
        await test.Engine.PublishAsync(new FlowBuilder().Steps("a").Build("two"));
        var ids = new List<string>();
        foreach (var workflow in new[] { "one", "two" })
        {
            test.Time.Advance(TimeSpan.FromSeconds(1));
            ids.Add(await test.Engine.StartRunAsync(workflow, null, new("test", "tester")));
            await test.DrainAsync(ids[^1]);
        }

        var hits = await test.Store.SearchLogsAsync("cuda ERROR 100%");

        Assert.Equal([(ids[1], "CUDA error 100% in two"), (ids[0], "CUDA error 100% in one")], hits.Select(hit => (hit.RunId, hit.Line)));
        Assert.Equal(("one", "a", "a", 1, 9L), (hits[1].DefinitionId, hits[1].StepId, hits[1].ActivityName, hits[1].Attempt, hits[1].Offset));
        Assert.Equal([ids[0]], (await test.Store.SearchLogsAsync("error", new() { DefinitionId = "one" })).Select(hit => hit.RunId));
        Assert.Equal([ids[1]], (await test.Store.SearchLogsAsync("error", new() { RunId = ids[1] })).Select(hit => hit.RunId));
        Assert.Equal([ids[1]], (await test.Store.SearchLogsAsync("error", new() { Since = test.Time.GetUtcNow() })).Select(hit => hit.RunId));
        Assert.Empty(await test.Store.SearchLogsAsync("100_"));
        Assert.Single(await test.Store.SearchLogsAsync("error", new() { Take = 1 }));
    }

    [Fact]
    public void AttemptLog_DatabaseOutOfReach_KeepsTheNewest()
    {
        var log = new AttemptLog(limit: 40_000);
        for (var line = 0; line < 100; line++)
            log.Report(new string('x', 999));
        var chunks = log.Peek();
        Assert.Equal(100_000, chunks[^1].End);
        Assert.InRange(chunks.Sum(chunk => chunk.Content.Length), 24_000, 40_000);
        log.Confirm(chunks);
        Assert.Empty(log.Peek());
    }

    [Fact]
    public void AttemptLog_LineLongerThanAChunk_IsBrokenBesideSurrogatePairs()
    {
        var log = new AttemptLog(limit: 1_000_000);
        var line = "x" + string.Concat(Enumerable.Repeat("\U0001F600", 20_000));
        log.Report(line);
        var chunks = log.Peek();
        Assert.Equal(line, string.Concat(chunks.Select(chunk => chunk.Content)).Replace("\n", ""));
        Assert.All(chunks, chunk => Assert.False(char.IsLowSurrogate(chunk.Content[0])));
    }

    /// <summary>The clock moves until the step's heartbeat has stored something.</summary>
    private static async Task<StepLog> ReadWhenThereAsync(TestEngine test, string runId)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            if (await test.Store.ReadLogAsync(runId, "a") is { Text.Length: > 0 } log)
                return log;
            test.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(10, deadline.Token);
        }
    }
}

/// <summary>The same on PostgreSQL.</summary>
public sealed class StepLogOnPostgresTests : StepLogTests
{
    protected override DatabaseKind Kind => DatabaseKind.PostgreSql;
}
