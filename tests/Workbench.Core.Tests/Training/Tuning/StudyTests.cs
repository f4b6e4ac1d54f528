using System.Text.Json.Nodes;
using Workbench.Core.Tests.Registry;
using Workbench.Training.Tuning;

namespace Workbench.Core.Tests.Training.Tuning;

public class StudyTests : DatabaseTests
{
    private static readonly SearchSpace Space = new(SearchParameter.Float("x", -5, 10), SearchParameter.Float("y", 0, 15));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_SeveralWorkers_GivesEachNumberOnceAndFindsTheBest()
    {
        var study = await OpenAsync();
        await study.RunAsync((trial, _) => Task.FromResult(Branin(trial)), trials: 40, workers: 4, cancellationToken: Stop);

        var trials = await study.TrialsAsync(Stop);
        Assert.Equal(Enumerable.Range(0, 40), trials.Select(trial => trial.Number));
        Assert.All(trials, trial => Assert.Equal((TrialState.Completed, 1), (trial.State, trial.Attempt)));
        Assert.Equal(40, trials.DistinctBy(trial => trial.Parameters.ToJsonString()).Count());
        var best = (await study.BestAsync(Stop))!;
        Assert.Equal(trials.Min(trial => trial.Value), best.Value);
        Assert.Equal(Objectives.Branin([(double)best.Parameters["x"]!, (double)best.Parameters["y"]!]), best.Value!.Value, 9);
        var summary = Assert.Single(await Study.ListAsync(Folder.Data, Stop));
        Assert.Equal(("s", 40, 0, 0, 0, best.Value), (summary.Name, summary.Completed, summary.Pruned, summary.Failed, summary.Running, summary.BestValue));
    }

    [Fact]
    public async Task AskAsync_OneWorker_ChoosesAsTheSamplersDo()
    {
        var study = await OpenAsync();
        await study.RunAsync((trial, _) => Task.FromResult(Branin(trial)), trials: 14, cancellationToken: Stop);

        var past = new List<PastTrial>();
        foreach (var trial in await study.TrialsAsync(Stop))
        {
            var x = new TpeSampler(10, 24).Next(Space.Axes, past, Samplers.RandomOf(42, trial.Number));
            Assert.Equal(Space.ParametersAt(x).ToJsonString(), trial.Parameters.ToJsonString());
            past.Add(new(trial.Number, TrialState.Completed, Space.CoordinatesOf(Space.ParametersAt(x))!, trial.Value!.Value, 0));
        }
    }

    [Fact]
    public async Task OpenAsync_Again_GoesOnWhereItStopped()
    {
        await (await OpenAsync()).RunAsync((trial, _) => Task.FromResult(Branin(trial)), trials: 5, cancellationToken: Stop);
        int asked = 0;
        await (await OpenAsync()).RunAsync((trial, _) => Task.FromResult(Branin(trial) + asked++), trials: 8, cancellationToken: Stop);
        Assert.Equal(3, asked);
        Assert.Equal(8, (await (await Study.LoadAsync(Folder.Data, "s", Stop)).TrialsAsync(Stop)).Count);
    }

    [Fact]
    public async Task OpenAsync_OtherSettings_NamesTheDifferences()
    {
        await OpenAsync();
        var failure = await Assert.ThrowsAsync<TuningException>(() => OpenAsync(options => options with { Seed = 7, Space = new(SearchParameter.Float("x", -5, 11), SearchParameter.Float("y", 0, 15)) }));
        Assert.Contains("seed is 42 and was given as 7.", failure.Message);
        Assert.Contains("space.x.high is 10 and was given as 11.", failure.Message);
        Assert.DoesNotContain("space.y", failure.Message);
    }

    [Fact]
    public async Task OpenAsync_WrongOptions_ListsThemAll()
    {
        var failure = await Assert.ThrowsAsync<ArgumentException>(() => OpenAsync(options => options with
        {
            Name = " ", StartupTrials = 0, Reduction = 1, MinSteps = 5, MaxSteps = 4, StaleAfter = TimeSpan.Zero, FirstTrials = [new JsonObject { ["x"] = 1 }],
        }));
        foreach (var part in (string[])["Name is ' '", "StartupTrials is 0", "Reduction is 1", "MaxSteps is 4", "StaleAfter is 00:00:00", "first trial {\"x\":1} lies outside"])
            Assert.Contains(part, failure.Message);
    }

    [Fact]
    public async Task LoadAsync_UnknownName_NamesTheNearest()
    {
        await OpenAsync(options => options with { Name = "churn" });
        Assert.Contains("Did you mean 'churn'? Known: churn.", (await Assert.ThrowsAsync<TuningException>(() => Study.LoadAsync(Folder.Data, "chrun", Stop))).Message);
    }

    [Theory]
    [InlineData(double.NaN, "Its value is NaN.")]
    [InlineData(double.PositiveInfinity, "Its value is Infinity.")]
    public async Task CompleteAsync_NoNumber_IsAFailedTrial(double value, string error)
    {
        var study = await OpenAsync();
        await study.RunAsync((trial, _) => Task.FromResult(trial.Number == 1 ? value : 1.0), trials: 3, cancellationToken: Stop);
        var trials = await study.TrialsAsync(Stop);
        Assert.Equal((TrialState.Failed, null, error), (trials[1].State, trials[1].Value, trials[1].Error));
        Assert.Equal(2, trials.Count(trial => trial.State == TrialState.Completed));
        Assert.Equal(0, (await study.BestAsync(Stop))!.Number);
    }

    [Fact]
    public async Task ReportAsync_NaN_EndsTheTrialAsFailedAndKeepsWhatCameBefore()
    {
        await using var trial = (await (await OpenAsync()).AskAsync(cancellationToken: Stop))!;
        Assert.Equal(TrialVerdict.Continue, await trial.ReportAsync(1, 0.5, Stop));
        Assert.Equal(TrialVerdict.Failed, await trial.ReportAsync(2, double.NaN, Stop));
        var read = Assert.Single(await (await OpenAsync()).TrialsAsync(Stop));
        Assert.Equal((TrialState.Failed, "It reported NaN at step 2."), (read.State, read.Error));
        Assert.Equal([new TrialStep(1, 0.5)], read.Steps);
        Assert.Contains("is over: Failed", (await Assert.ThrowsAsync<TuningException>(() => trial.CompleteAsync(1, Stop))).Message);
    }

    [Fact]
    public async Task ReportAsync_WorseThanTheOthersAtARung_PrunesAndKeepsTheValues()
    {
        // Higher is better; rungs 1, 3, 9 of 27. Trial n reports n % 5, so that the first five come in rising order and pass.
        var study = await OpenAsync(options => options with { Direction = StudyDirection.Maximise, Sampler = SamplerKind.Random, Pruner = PrunerKind.Asha, MaxSteps = 27 });
        await study.RunAsync(async (trial, stop) =>
        {
            for (int step = 1; step <= 27 && await trial.ReportAsync(step, trial.Number % 5 + step * 0.001, stop) == TrialVerdict.Continue; step++) { }
            return trial.Number % 5;
        }, trials: 8, cancellationToken: Stop);

        var trials = await study.TrialsAsync(Stop);
        Assert.Equal(
            [TrialState.Completed, TrialState.Completed, TrialState.Completed, TrialState.Completed, TrialState.Completed, TrialState.Pruned, TrialState.Pruned, TrialState.Pruned],
            trials.Select(trial => trial.State));
        Assert.Equal([1.001], trials[6].Steps.Select(step => step.Value)); // 1 at the first rung is not among the best 7 / 3 = 2.
        Assert.Null(trials[6].Value);
        Assert.Equal(27, trials[4].Steps.Count);
        Assert.Equal(4, (await study.BestAsync(Stop))!.Number);
    }

    [Fact]
    public async Task ReportAsync_StepNotAfterTheLast_IsRefused()
    {
        await using var trial = (await (await OpenAsync()).AskAsync(cancellationToken: Stop))!;
        await trial.ReportAsync(2, 1, Stop);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => trial.ReportAsync(2, 1, Stop));
    }

    [Fact]
    public async Task ReportLostAsync_WorkerDied_TrialIsRetriedWithItsParametersAndThenFails()
    {
        var study = await OpenAsync(options => options with { MaxRetries = 1 });
        var dead = (await study.AskAsync(worker: "a", cancellationToken: Stop))!;
        await dead.NoteAsync("run 1", Stop);
        await dead.ReportAsync(1, 0.5, Stop);
        Assert.Equal(0, await study.ReportLostAsync("b", Stop));
        Assert.Equal(1, await study.ReportLostAsync("a", Stop));

        var second = (await study.AskAsync(worker: "b", cancellationToken: Stop))!;
        Assert.Equal((0, 2, "b", "run 1"), (second.Number, second.Attempt, second.Worker, second.EarlierNote));
        Assert.Equal(dead.Parameters.ToJsonString(), second.Parameters.ToJsonString());
        Assert.Empty(Assert.Single(await study.TrialsAsync(Stop)).Steps);
        // The first is fenced off, in case it lives.
        Assert.Contains("is no longer attempt 1 of a", (await Assert.ThrowsAsync<TuningException>(() => dead.CompleteAsync(1, Stop))).Message);

        await study.ReportLostAsync("b", Stop);
        await using var third = (await study.AskAsync(worker: "c", cancellationToken: Stop))!;
        Assert.Equal(1, third.Number);
        Assert.Equal((TrialState.Failed, "Its worker died 2 times, last b; more than 1 retries are not made."), ((await study.TrialsAsync(Stop))[0].State, (await study.TrialsAsync(Stop))[0].Error));
        await dead.DisposeAsync();
        await second.DisposeAsync();
        Assert.Equal(TrialState.Failed, (await study.TrialsAsync(Stop))[0].State);
    }

    [Fact]
    public async Task RunAsync_AnotherWorkersHeartbeatStops_TakesItsTrialUpWhenItIsStale()
    {
        var study = await OpenAsync(options => options with { StaleAfter = TimeSpan.FromSeconds(2) });
        var silent = (await study.AskAsync(worker: "silent", cancellationToken: Stop))!;
        // Longer than the limit, with heartbeats: the trial stays with its worker.
        await Task.Delay(TimeSpan.FromSeconds(2.5), Stop);
        await using (var other = (await study.AskAsync(worker: "other", cancellationToken: Stop))!)
        {
            Assert.Equal(1, other.Number);
            await other.CompleteAsync(1, Stop);
        }
        await study.ReportLostAsync("silent", Stop);
        await study.RunAsync((trial, _) => Task.FromResult(2.0), trials: 2, cancellationToken: Stop);
        Assert.Equal(2, (await study.TrialsAsync(Stop))[0].Attempt);
        // The heartbeat of the first notices that it was taken over.
        var lost = new TaskCompletionSource();
        await using (silent.Lost.Register(lost.SetResult))
            await lost.Task.WaitAsync(TimeSpan.FromSeconds(10), Stop);
        await silent.DisposeAsync();
    }

    [Fact]
    public async Task RunAsync_Cancelled_GivesTheTrialBackWithoutCountingALoss()
    {
        var study = await OpenAsync(options => options with { MaxRetries = 0 });
        var parameters = "";
        for (int attempt = 1; attempt <= 3; attempt++)
        {
            using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Stop);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => study.RunAsync(async (trial, stop) =>
            {
                parameters = parameters.Length == 0 ? trial.Parameters.ToJsonString() : parameters;
                await cancel.CancelAsync();
                stop.ThrowIfCancellationRequested();
                return 1;
            }, trials: 1, cancellationToken: cancel.Token));
        }
        await study.RunAsync((_, _) => Task.FromResult(1.0), trials: 1, cancellationToken: Stop);
        var only = Assert.Single(await study.TrialsAsync(Stop));
        Assert.Equal((TrialState.Completed, 4, parameters), (only.State, only.Attempt, only.Parameters.ToJsonString()));
    }

    [Fact]
    public async Task RunAsync_ObjectiveThrows_FailsTheTrialAndGoesOnUntilHopeless()
    {
        var study = await OpenAsync();
        await study.RunAsync((trial, _) => trial.Number < 2 ? throw new InvalidOperationException("bad luck") : Task.FromResult(1.0), trials: 4, hopeless: 3, cancellationToken: Stop);
        Assert.Equal(["InvalidOperationException: bad luck", "InvalidOperationException: bad luck", null, null], (await study.TrialsAsync(Stop)).Select(trial => trial.Error));

        var broken = await OpenAsync(options => options with { Name = "broken" });
        var failure = await Assert.ThrowsAsync<TuningException>(() => broken.RunAsync((_, _) => throw new InvalidOperationException("no data"), trials: 40, workers: 2, hopeless: 3, cancellationToken: Stop));
        Assert.Contains("trials of the study 'broken' failed", failure.Message);
        Assert.Contains("no data", failure.Message);
        Assert.InRange((await broken.TrialsAsync(Stop)).Count, 3, 5);
    }

    [Fact]
    public async Task AskAsync_FirstTrials_ComeFirst()
    {
        var study = await OpenAsync(options => options with { FirstTrials = [new JsonObject { ["x"] = 1, ["y"] = 2.5 }] });
        await using var trial = (await study.AskAsync(cancellationToken: Stop))!;
        Assert.Equal((1, 1.0, 2.5), (trial.GetInt("x"), trial.GetDouble("x"), trial.GetDouble("y")));
        Assert.Contains("has no parameter 'z'", Assert.Throws<TuningException>(() => trial.GetDouble("z")).Message);
        Assert.Contains("is 2.5, which is no whole number", Assert.Throws<TuningException>(() => trial.GetInt("y")).Message);
        Assert.Null(await study.AskAsync(limit: 1, cancellationToken: Stop));
    }

    private Task<Study> OpenAsync(Func<StudyOptions, StudyOptions>? change = null)
    {
        var options = new StudyOptions { Name = "s", Space = Space };
        return Study.OpenAsync(Folder.Data, change is null ? options : change(options), Stop);
    }

    private static double Branin(ActiveTrial trial) => Objectives.Branin([trial.GetDouble("x"), trial.GetDouble("y")]);
}
