using System.Diagnostics;
using System.Globalization;
using Workbench.Distributed;
using Workbench.Distributed.Launch;

namespace Workbench.Core.Tests.Distributed.Launch;

/// <summary>Jobs of real processes under mpirun, whose last rank goes wrong in the first attempt.</summary>
public class JobSupervisorTests
{
    /// <summary>A death ends every process within 10 s; a busy machine of two cores is given as much again for starting the next attempt.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(10), Busy = TimeSpan.FromSeconds(10);

    private readonly JobRecord _record = new();
    private readonly MarkedProcesses _processes = new();

    [Fact]
    public async Task RunAsync_TwoRanks_SucceedsWithWhatTheyReported()
    {
        var result = await Run(Options("none 0 5") with { Environment = new Dictionary<string, string>(_processes.Variables) { ["SEEN"] = "yes" }, ThreadsPerRank = 3 });

        Assert.Equal((true, 1, 2, 2), (result.Succeeded, result.Attempts, result.InitialSize, result.FinalSize));
        Assert.Empty(result.Reasons);
        var reports = _record.Events.Where(told => told.Kind == JobEventKind.RankReported).OrderBy(told => told.Rank).Select(told => told.Data!.ToJsonString());
        Assert.Equal(
            [
                """{"rank":0,"size":2,"initial":2,"backend":"mpi","seen":"yes","threads":"3"}""",
                """{"rank":1,"size":2,"initial":2,"backend":"mpi","seen":"yes","threads":"3"}""",
            ], reports);
        AssertNothingIsLeft();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task RunAsync_RanksTrain_EachReportsHowItGoes(int ranks)
    {
        const int epochs = 3, steps = 10;
        var result = await Run(Options("") with { Command = [Distributed.Ranks.Program, "learn", $"{epochs}"], Processes = ranks });

        Assert.True(result.Succeeded, string.Join(" ", result.Reasons));
        for (int rank = 0; rank < ranks; rank++)
        {
            var told = _record.Events.Where(told => told.Rank == rank && told.Metrics is not null).Select(told => told.Metrics!).ToList();
            var ended = told.Where(figures => figures.ValidationLoss is not null).ToList();
            Assert.Equal([(steps, 1), (2 * steps, 2), (3 * steps, 3)], ended.Select(figures => (figures.Step, figures.Epoch)));
            Assert.True(ended[^1].ValidationLoss < ended[0].ValidationLoss, "A linear network learns a sum.");
            Assert.All(told, figures => Assert.True(figures is { TrainingLoss: > 0, SamplesPerSecond: > 0, WaitShare: >= 0 and <= 1 }, figures.ToString()));
            Assert.Equal(epochs * steps, _record.Events.Single(told => told.Kind == JobEventKind.RankDone && told.Rank == rank).Step);
        }
        Assert.Single(_record.Events.Where(told => told.Metrics is { Epoch: epochs }).Select(told => told.Metrics!.ValidationLoss).OfType<double>().Distinct());
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task RunAsync_OneRank_NeedsNoLauncher()
    {
        var result = await Run(Options("fail 2 3") with { Processes = 1 });

        Assert.Equal((true, 2, 1), (result.Succeeded, result.Attempts, result.FinalSize));
        Assert.Contains("failed: InvalidDataException: Row 7 is no number.", Assert.Single(result.Reasons), StringComparison.Ordinal);
        Assert.DoesNotContain("mpirun", _record.Events.First(told => told.Kind == JobEventKind.Starting).Text, StringComparison.Ordinal);
        AssertNothingIsLeft();
    }

    [Theory]
    [InlineData("fail", JobEventKind.RankFailed, "failed: InvalidDataException: Row 7 is no number.")]
    [InlineData("throw", JobEventKind.RankFailed, "failed: InvalidDataException: Row 7 is no number.")]
    [InlineData("exit", JobEventKind.RankLost, "ended without saying that it was done, ")]
    [InlineData("sleep", JobEventKind.RankStalled, "made no step for 2 s, after step 2.")]
    public async Task RunAsync_ARankGoesWrong_NamesItAndGoesOnWithoutIt(string fault, JobEventKind kind, string reason)
    {
        var result = await Run(Options($"{fault} 3 5") with { StallTimeout = TimeSpan.FromSeconds(2) });

        Assert.Equal((true, 2, 2, 1), (result.Succeeded, result.Attempts, result.InitialSize, result.FinalSize));
        Assert.StartsWith($"Rank 1 (process {_record.Ranks[RankIndex(1)].Id} on {Environment.MachineName}) {reason}", Assert.Single(result.Reasons), StringComparison.Ordinal);
        Assert.Equal(1, Assert.Single(_record.Events, told => told.Kind == kind).Rank);
        Assert.Equal(1, Assert.Single(_record.Events, told => told.Kind == JobEventKind.Restarting).Size);
        Assert.True(TimeToEnd(kind) < Bound, $"{TimeToEnd(kind)}");
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task RunAsync_ARankIsFrozen_IsSilentAndKilled()
    {
        var began = Stopwatch.GetTimestamp();
        var result = await Run(Options("freeze 3 5"));

        Assert.Equal((true, 2, 1), (result.Succeeded, result.Attempts, result.FinalSize));
        Assert.Contains("said nothing for 8 s", Assert.Single(result.Reasons), StringComparison.Ordinal);
        Assert.True(TimeToEnd(JobEventKind.RankLost) < TimeSpan.FromSeconds(2), "8 s of silence leave 2 s to kill in.");
        Assert.True(Stopwatch.GetElapsedTime(began) < Bound + Busy);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task RunAsync_ARankIsKilled_GoesOnWithAsManyWhereItMayNotShrink()
    {
        var job = Run(Options("none 0 300") with { Shrinks = false });
        await _record.WaitForStepsAsync();
        var killed = Stopwatch.GetTimestamp();
        _record.Ranks[RankIndex(1)].Signal(LinuxProcess.SigKill);
        await _record.WaitAsync(told => told.Kind == JobEventKind.Aborted);
        Assert.True(Stopwatch.GetElapsedTime(killed) < Bound);
        var result = await job;

        Assert.Equal((true, 2, 2), (result.Succeeded, result.Attempts, result.FinalSize));
        Assert.Contains("Rank 1", Assert.Single(result.Reasons), StringComparison.Ordinal);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task RunAsync_MpirunIsKilled_LosesNoRankByIt()
    {
        var job = Run(Options("none 0 300"));
        await _record.WaitForStepsAsync();
        string folder = _processes.SessionFolder();
        var killed = Stopwatch.GetTimestamp();
        // Ranks are its children.
        LinuxProcess.Find(ParentOf(_record.Ranks[0].Id))!.Value.Signal(LinuxProcess.SigKill);
        await _record.WaitAsync(told => told.Kind == JobEventKind.Aborted);
        Assert.True(Stopwatch.GetElapsedTime(killed) < Bound);
        var result = await job;

        Assert.Equal((true, 2), (result.Succeeded, result.Attempts));
        AssertNothingIsLeft();
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task RunAsync_Cancelled_EndsEveryProcessFirst()
    {
        using var stop = new CancellationTokenSource();
        var job = new JobSupervisor(Options("none 0 3000"), _record).RunAsync(stop.Token);
        await _record.WaitForStepsAsync();
        string folder = _processes.SessionFolder();
        var stopped = Stopwatch.GetTimestamp();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => job);
        Assert.True(Stopwatch.GetElapsedTime(stopped) < Bound);
        AssertNothingIsLeft();
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task RunAsync_RanksThatNeverJoin_EndsWithTheirChildrenAndWithoutARestart()
    {
        _ = Distributed.Ranks.Mpirun;
        var options = Options("") with { Command = [Distributed.Ranks.Program, "stray"], StartTimeout = TimeSpan.FromSeconds(2) };
        var result = await new JobSupervisor(options, _record).RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal((false, 1), (result.Succeeded, result.Attempts));
        Assert.Equal("Ranks 0, 1 did not join within 2 s of the start.", result.Reasons[0]);
        Assert.Empty(_processes.Left());
    }

    [Fact]
    public async Task RunAsync_ProgramThatFailsAtOnce_SaysItsLastWordsAndIsNotRestarted()
    {
        _ = Distributed.Ranks.Mpirun;
        var options = Options("") with { Command = [Distributed.Ranks.Program, "nothing"] };
        var result = await new JobSupervisor(options, _record).RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal((false, 1), (result.Succeeded, result.Attempts));
        Assert.StartsWith("mpirun ended with exit code 2 before Ranks 0, 1 had said", result.Reasons[0], StringComparison.Ordinal);
        Assert.Contains(_record.Events, told => told is { Kind: JobEventKind.Output, Rank: 1, IsError: true } && told.Text!.StartsWith("Known scenarios:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_FaultInEveryAttempt_EndsAfterTheRestartsAllowed()
    {
        var options = Options("fail 1 3") with { Processes = 1, MaxRestarts = 0 };
        var result = await Run(options);

        Assert.Equal((false, 1), (result.Succeeded, result.Attempts));
        Assert.Single(result.Reasons);
        Assert.Contains("Row 7", _record.Events[^1].Text, StringComparison.Ordinal);
        Assert.Equal(JobEventKind.Ended, _record.Events[^1].Kind);
    }

    [Fact]
    public async Task RunAsync_UnknownProgram_SaysWhich()
    {
        var thrown = await Assert.ThrowsAsync<DistributedException>(() =>
            new JobSupervisor(new() { Command = ["no-such-program"] }).RunAsync(TestContext.Current.CancellationToken));
        Assert.Contains("'no-such-program' was not found", thrown.Message, StringComparison.Ordinal);
    }

    private JobOptions Options(string work) => new()
    {
        Command = [Distributed.Ranks.Program, "work", .. work.Split(' ')], Processes = 2, Backend = "mpi", BackOff = TimeSpan.Zero,
        Environment = _processes.Variables,
    };

    private Task<JobResult> Run(JobOptions options)
    {
        _ = Distributed.Ranks.Mpirun; // Skips where there is none.
        return new JobSupervisor(options, _record).RunAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>From the fault to the end of all processes.</summary>
    private TimeSpan TimeToEnd(JobEventKind fault) =>
        _record.Events.First(told => told.Kind == JobEventKind.Aborted).At - _record.Events.First(told => told.Kind == fault).At;

    /// <summary>Where a rank of the first attempt stands among those that joined.</summary>
    private int RankIndex(int rank) => _record.Events.Where(told => told.Kind == JobEventKind.RankStarted).ToList().FindIndex(told => told.Rank == rank);

    private void AssertNothingIsLeft()
    {
        Assert.NotEmpty(_record.Ranks);
        Assert.DoesNotContain(_record.Ranks, rank => rank.IsAlive);
        Assert.Empty(_processes.Left());
    }

    private static int ParentOf(int id) => int.Parse(File.ReadAllText($"/proc/{id}/stat").Split(')')[^1].Split(' ')[2], CultureInfo.InvariantCulture);
}
