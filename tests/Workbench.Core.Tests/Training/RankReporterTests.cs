using Microsoft.Extensions.Time.Testing;
using Workbench.Distributed.Launch;
using Workbench.Training;

namespace Workbench.Core.Tests.Training;

public class RankReporterTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly List<RankMetrics> _told = [];
    private readonly RankReporter _reporter;
    private long _step, _asked;

    public RankReporterTests() => _reporter = new(step => _step = step, _told.Add, _clock);

    [Fact]
    public void AddStep_ManyASecond_TellsFiguresTwiceASecondAndEachStep()
    {
        for (int step = 1; step <= 300; step++)   // 3 s of 10 ms each, 32 rows a step: 3,200 rows a second
        {
            _clock.Advance(TimeSpan.FromMilliseconds(10));
            _reporter.AddRows(32);
            _reporter.AddStep(step, epoch: 1, Loss);
        }

        Assert.Equal(300, _step);
        Assert.Equal([50, 100, 150, 200, 250, 300], _told.Select(figures => figures.Step));
        Assert.All(_told, figures => Assert.Equal((3200, 0), (figures.SamplesPerSecond!.Value, figures.WaitShare!.Value), (a, b) => Math.Abs(a.Item1 - b.Item1) < 1e-6 && a.Item2 == b.Item2));
        Assert.Equal(6, _asked);
    }

    [Fact]
    public void TellRest_AfterAValidation_LeavesItsTimeOut()
    {
        _clock.Advance(TimeSpan.FromMilliseconds(100));
        long waiting = _clock.GetTimestamp();
        _clock.Advance(TimeSpan.FromMilliseconds(100));
        _reporter.AddWait(waiting);
        _reporter.AddRows(20);
        long validating = _clock.GetTimestamp();
        _clock.Advance(TimeSpan.FromSeconds(10));
        _reporter.AddValidation(0.25, validating);
        _reporter.TellRest(step: 3, epoch: 2, Loss);

        // 20 rows in 0.2 s, half of it with the others.
        Assert.Equal(new RankMetrics { Step = 3, Epoch = 2, TrainingLoss = 1, ValidationLoss = 0.25, SamplesPerSecond = 100, WaitShare = 0.5 }, Assert.Single(_told));
    }

    [Fact]
    public void TellRest_NothingNew_TellsNothing()
    {
        _reporter.AddRows(1);
        _reporter.TellRest(1, 1, Loss);
        _reporter.TellRest(1, 1, Loss);

        Assert.Single(_told);
        Assert.Null(RankReporter.ForJob());   // this process is no rank
    }

    private double? Loss() => ++_asked;
}
