using System.Text.Json.Nodes;

namespace Workbench.Workflows.Runtime;

/// <summary>Real child processes of /bin/sh.</summary>
public sealed class ProcessStepExecutorTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly string _runs = Directory.CreateTempSubdirectory("runs-").FullName;

    public void Dispose() => Directory.Delete(_runs, recursive: true);

    [Fact]
    public async Task Execute_ResultWritten_IsReturnedAndLogged()
    {
        var reports = new List<StepProgress>();
        var context = Context() with { Progress = new Reports(reports) };
        var executor = Shell("""echo "epoch 1"; echo problem >&2; grep -o '"attempt": 1' "$1"; echo '{"outcome":"Passed","outputs":{"n":[1]},"message":"fine"}' > "$2" """);

        var result = await executor.ExecuteAsync(context);

        Assert.Equal(("Passed", "fine", """{"n":[1]}"""), (result.Outcome, result.Message, result.Outputs.ToJsonString()));
        var log = Path.Combine(_runs, "run-1", "train", "1", "step.log");
        Assert.Equal(log, reports[0].LogFile);
        Assert.Equal(["\"attempt\": 1", "epoch 1", "problem"], (await File.ReadAllLinesAsync(log)).Order());
        Assert.Contains(reports, report => report.Message == "epoch 1");
    }

    [Theory]
    [InlineData("echo one; echo the disk is full >&2; exit 1", "exit code 1", "the disk is full", true)]
    [InlineData("echo no such option; exit 2", "exit code 2", "no such option", false)]
    [InlineData("echo forgot", "without writing its result", "forgot", true)]
    [InlineData("kill -9 $$", "exit code 137", "It wrote no output.", true)]
    public async Task Execute_ChildFails_SaysWhyWithTheEndOfItsLog(string script, string what, string tail, bool isRetryable)
    {
        var failure = await Assert.ThrowsAsync<StepFailedException>(() => Shell(script).ExecuteAsync(Context()));
        Assert.Contains(what, failure.Message);
        Assert.EndsWith(tail, failure.Message);
        Assert.Equal(isRetryable, failure.IsRetryable);
    }

    [Fact]
    public async Task Execute_LongOutput_FileKeepsBothEndsAndSaysHowMuchWent()
    {
        // 10,000 lines of 9 characters and the line's end: 100,000 in all; the file keeps 30,000.
        var executor = Shell("""awk 'BEGIN { for (i = 0; i < 10000; i++) printf "line %04d\n", i }'; echo '{}' > "$2" """, maxLogLength: 30_000);

        await executor.ExecuteAsync(Context());

        var lines = await File.ReadAllLinesAsync(Path.Combine(_runs, "run-1", "train", "1", "step.log"));
        var marker = Array.FindIndex(lines, line => line.StartsWith('['));
        Assert.Equal(("line 0000", "line 9999"), (lines[0], lines[^1]));
        Assert.Equal(lines.Take(marker), Enumerable.Range(0, marker).Select(index => $"line {index:0000}"));
        Assert.Equal(lines.Skip(marker + 1), Enumerable.Range(10_000 - (lines.Length - marker - 1), lines.Length - marker - 1).Select(index => $"line {index:0000}"));
        Assert.Equal($"[{10 * (10_000 - (lines.Length - 1))} characters are left out here: a step's log keeps 30000 of them.]", lines[marker]);
        Assert.InRange(lines.Length, 2_000, 3_001);
        Assert.Equal(["process.json", "request.json", "result.json", "step.log"], Directory.EnumerateFiles(Path.Combine(_runs, "run-1", "train", "1")).Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData("printf 'a\\rb\\r\\nc\\n\\nd'", "a|b|c||d")] // Ends as those of TextReader.ReadLine.
    [InlineData("head -c 150000 /dev/zero | tr '\\0' x", "65536|65536|18928")] // A line without an end does not grow without one.
    public async Task Execute_Lines_AreSplit(string script, string expected)
    {
        await Shell($$"""{{script}}; echo '{}' > "$2" """).ExecuteAsync(Context());
        var lines = (await File.ReadAllTextAsync(Path.Combine(_runs, "run-1", "train", "1", "step.log"))).TrimEnd('\n').Split('\n');
        Assert.Equal(expected, string.Join('|', lines.Select(line => line.Length > 100 ? $"{line.Length}" : line)));
    }

    [Fact]
    public async Task Execute_DamagedResult_Fails()
    {
        var failure = await Assert.ThrowsAsync<WorkflowException>(() => Shell("""echo '{"outcome":' > "$2" """).ExecuteAsync(Context()));
        Assert.Contains("result.json' cannot be read", failure.Message);
    }

    [Fact]
    public async Task Execute_UnknownProgram_IsNotRetried()
    {
        var executor = new ProcessStepExecutor(new() { Command = "/no/such/program", Arguments = [], RunsFolder = _runs });
        var failure = await Assert.ThrowsAsync<StepFailedException>(() => executor.ExecuteAsync(Context()));
        Assert.False(failure.IsRetryable);
        Assert.Contains("/no/such/program", failure.Message);
    }

    [Fact]
    public async Task Execute_Cancelled_EndsTheProcessAndAllItStarted()
    {
        var grandchild = Path.Combine(_runs, "grandchild");
        using var cancel = new CancellationTokenSource();
        var running = Shell($"sleep 600 & echo $! > {grandchild}; wait").ExecuteAsync(Context(), cancel.Token);
        var id = await ReadIdAsync(grandchild);
        var process = Assert.IsType<ProcessIdentity>(ProcessIdentity.Find(id));

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(Deadline));
        await WaitUntilAsync(() => !process.IsAlive);
    }

    [Fact]
    public async Task Execute_CancelledButDeafToTerm_IsKilledAfterTheGrace()
    {
        var started = Path.Combine(_runs, "started");
        using var cancel = new CancellationTokenSource();
        var running = Shell($"trap '' TERM; echo $$ > {started}; while true; do sleep 600; done").ExecuteAsync(Context(), cancel.Token);
        var process = Assert.IsType<ProcessIdentity>(ProcessIdentity.Find(await ReadIdAsync(started)));

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(Deadline));
        await WaitUntilAsync(() => !process.IsAlive);
    }

    [Fact]
    public async Task Execute_EarlierAttemptStillLives_EndsItFirst()
    {
        var started = Path.Combine(_runs, "started");
        var first = Shell($"echo $$ > {started}; sleep 600").ExecuteAsync(Context());
        var orphan = Assert.IsType<ProcessIdentity>(ProcessIdentity.Find(await ReadIdAsync(started)));
        await WaitUntilAsync(() => File.Exists(Path.Combine(_runs, "run-1", "train", "1", "process.json")));

        // Dead, or dead and not yet collected by this process, its parent.
        await Shell($$"""grep -qE '^State:[[:space:]]+[^ZX]' /proc/{{orphan.Id}}/status 2>/dev/null && exit 1; echo '{}' > "$2" """).ExecuteAsync(Context() with { Attempt = 2 });

        Assert.False(orphan.IsAlive);
        await Assert.ThrowsAsync<StepFailedException>(() => first.WaitAsync(Deadline));
    }

    [Fact]
    public async Task Execute_ChildLeavesAHolderOfItsOutput_DoesNotHang()
    {
        var result = await Shell("""sleep 600 & echo '{}' > "$2" """).ExecuteAsync(Context()).WaitAsync(Deadline);
        Assert.Equal("Done", result.Outcome);
    }

    [Fact]
    public async Task Execute_HostileIds_StayInTheRunsFolder()
    {
        var context = Context() with { StepId = "../../etc" };
        await Shell("""echo '{}' > "$2" """).ExecuteAsync(context);
        Assert.True(File.Exists(Path.Combine(_runs, "run-1", "%002E.%002F..%002Fetc", "1", "result.json")));
    }

    [Fact]
    public async Task WaitUntilGone_ByHand_NeverCompletes()
    {
        using var cancel = new CancellationTokenSource();
        var waiting = ParentProcess.WaitUntilGoneAsync(cancellationToken: cancel.Token);
        Assert.False(waiting.IsCompleted);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    private ProcessStepExecutor Shell(string script, long maxLogLength = 1_000_000) => new(new()
    {
        MaxLogLength = maxLogLength,
        Command = "/bin/sh",
        Arguments = ["-c", script, "sh", ProcessStepOptions.RequestPlaceholder, ProcessStepOptions.ResultPlaceholder],
        RunsFolder = _runs,
        GracePeriod = TimeSpan.FromMilliseconds(300),
    });

    private static StepContext Context() => new()
    {
        RunId = "run-1", StepId = "train", DefinitionId = "flow", Version = 1, ActivityId = "train", ActivityName = "train",
        ActivityType = "Test.Work", Attempt = 1, Inputs = new JsonObject(), WorkflowInputs = new JsonObject(), Reason = "test", Actor = "tester",
    };

    private static async Task<int> ReadIdAsync(string file)
    {
        await WaitUntilAsync(() => File.Exists(file) && File.ReadAllText(file).EndsWith('\n'));
        return int.Parse(await File.ReadAllTextAsync(file));
    }

    private static async Task WaitUntilAsync(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (!condition())
            await Task.Delay(20, deadline.Token);
    }

    private sealed class Reports(List<StepProgress> reports) : IProgress<StepProgress>
    {
        public void Report(StepProgress value)
        {
            lock (reports)
                reports.Add(value);
        }
    }
}
