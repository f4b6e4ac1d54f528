using Workbench.Distributed.Launch;
using Workbench.Notebooks.Jobs;

namespace Workbench.Notebooks.Tests.Jobs;

public sealed class JobPictureTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly JobState _job = new("Train <b>");
    private DateTimeOffset _now = Start;

    [Fact]
    public void Draw_TwoRanksThatTrain_SaysWhatEachDoes()
    {
        Begin(size: 2);
        Report(0, step: 40, loss: 0.5, rate: 4000);
        Report(1, step: 38, loss: 0.7);
        Report(0, step: 80, loss: 0.3, rate: 4200, validation: 0.45, wait: 0.25);
        Take(JobEventKind.RankProgress, 1, told => told with { Step = 79, State = RankState.InCollective });
        _now = Start.AddSeconds(75);

        // The last point is the mean of both ranks' last losses, (0.3 + 0.7) / 2.
        Assert.Equal(
            [
                "Train <b>: running on 2 ranks, 1:15 so far", "step 80, epoch 1 · loss 0.5 · validation 0.45 · 4,200 samples/s",
                "rank 0: starting, step 80, process 100 on a", "rank 1: waiting for others, step 79, process 101 on a",
            ], Text().Split('\n'));
        Assert.Contains("<td class=\"n\">25%</td>", Html().Replace(" %", "%", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("<svg", Html(), StringComparison.Ordinal);
        Assert.Equal([(40, 0.5), (80, 0.5)], _job.Losses.Training);
    }

    [Fact]
    public void Draw_TextsOfTheJob_AreNoMarkup()
    {
        const string hostile = "<script>alert(1)</script><img src=x onerror=alert(1)>";
        Begin(size: 1);
        Take(JobEventKind.RankStarted, 0, told => told with { Text = hostile });
        Take(JobEventKind.Output, 0, told => told with { Text = hostile });
        Take(JobEventKind.Output, null, told => told with { Text = "of mpirun" });
        Take(JobEventKind.RankReported, 0, told => told with { Data = new JobModel(hostile, 1).ToJson() });
        Take(JobEventKind.Aborted, null, told => told with { Text = hostile });

        foreach (var html in new[] { Html(), Ended(succeeded: false) })
        {
            Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
            Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
            Assert.Contains("Train &lt;b&gt;", html, StringComparison.Ordinal);
            Assert.DoesNotContain("of mpirun", html, StringComparison.Ordinal);
            Assert.Equal(4, html.Split("&lt;script&gt;alert(1)").Length - 1);
        }
    }

    [Fact]
    public void Draw_AJobThatSaidVeryMuch_StaysSmall()
    {
        Begin(size: 64);
        for (int step = 1; step <= 20_000; step++)
        {
            Report(0, step, loss: 1.0 / step, validation: 1);
            if (step % 100 == 0)
                Take(JobEventKind.Output, 0, told => told with { Text = new string('x', 5000) });
        }
        for (int attempt = 1; attempt <= 50; attempt++)
            Take(JobEventKind.Aborted, null, told => told with { Text = new string('r', 5000) });

        Assert.InRange(Ended(succeeded: true).Length, 1_000, 40_000);
        Assert.InRange(_job.Losses.Training.Count, 100, 240);
        Assert.Equal((1, 20_000), (_job.Losses.Training[0].Step, _job.Losses.Training[^1].Step));
        Assert.Contains("and 48 more: 48 ended", Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void Take_ARestart_GoesOnFromTheCheckpoint()
    {
        Begin(size: 2);
        foreach (int step in new[] { 10, 20, 30 })
            Report(0, step, loss: step);
        Take(JobEventKind.RankFailed, 1, told => told with { Text = "Rank 1 failed: no" });
        Take(JobEventKind.Aborted, null, told => told with { Text = "Rank 1 failed: no" });
        Assert.Equal((JobPhase.Waiting, "ended", "failed"), (_job.Phase, _job.Ranks[0].State, _job.Ranks[1].State));
        Take(JobEventKind.Restarting, null, told => told with { Attempt = 2, Size = 1 });
        Begin(size: 1, attempt: 2);
        Report(0, step: 20, loss: 7);

        Assert.Equal([(10, 10), (20, 7)], _job.Losses.Training.Select(point => ((int)point.Step, (int)point.Loss)));
        Assert.Contains("running on 1 rank, attempt 2", Text(), StringComparison.Ordinal);
        Assert.Equal(["attempt 1: Rank 1 failed: no"], _job.Reasons);
        Take(JobEventKind.Ended, null, told => told with { Result = new(true, 2, 2, 1, ["no"]) { Model = new("churn", 3) } });
        Assert.Contains("done on 1 rank, attempt 2 in 0.0 s", Text(), StringComparison.Ordinal);
        Assert.Contains("registered as churn v3", Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void Stop_BeforeTheEnd_IsStopped()
    {
        Begin(size: 1);
        _job.Stop(Start.AddSeconds(4));
        _job.Stop(Start.AddSeconds(9));

        Assert.Contains("Train <b>: stopped after 4.0 s", Text(), StringComparison.Ordinal);
        Assert.Equal("ended", _job.Ranks[0].State);
    }

    private void Begin(int size, int attempt = 1)
    {
        _job.Take(new(JobEventKind.Starting, _now, attempt) { Size = size });
        for (int rank = 0; rank < Math.Min(size, 2); rank++)
        {
            int number = rank;
            Take(JobEventKind.RankStarted, number, told => told with { Text = $"process {100 + number} on a" });
        }
    }

    private void Report(int rank, long step, double loss, double? rate = null, double? validation = null, double? wait = null) =>
        Take(JobEventKind.RankReported, rank, told => told with
        {
            Data = new RankMetrics { Step = step, Epoch = 1, TrainingLoss = loss, SamplesPerSecond = rate, ValidationLoss = validation, WaitShare = wait }.ToJson(),
        });

    private void Take(JobEventKind kind, int? rank, Func<JobEvent, JobEvent> with) => _job.Take(with(new(kind, _now, 1) { Rank = rank }));

    private string Ended(bool succeeded)
    {
        Take(JobEventKind.Ended, null, told => told with { Result = new(succeeded, 1, 1, 1, []) });
        return Html();
    }

    private string Html() => JobPicture.Draw(_job, _now).Data["text/html"]!.ToString();

    private string Text() => JobPicture.Draw(_job, _now).Data["text/plain"]!.ToString();
}
