using System.Text.Json.Nodes;
using Workbench.Data;
using Workbench.Distributed.Scaling;
using Workbench.Distributed.Tracing;
using Workbench.Reports;

namespace Workbench.Core.Tests.Distributed.Scaling;

/// <summary>Figures of timelines whose times are given; expected values by hand.</summary>
public sealed class ScalingPointTests
{
    [Fact]
    public void Of_StepsOfGivenTimes_GivesTheMedianPartAndTheMeanStep()
    {
        // Steps of 64 rows take 10 ms, the warm-up's 100 ms, those of one part of five 20 ms.
        var point = ScalingPoint.Of(Trace(2, [100, 100, 10, 10, 10, 10, 20, 20, 10, 10, 10, 10]), warmup: 2);
        Assert.Equal((2, 64L, 10), (point.Ranks, point.Batch, point.Steps));
        Assert.Equal(6_400, point.SamplesPerSecond, 1e-6);   // 128 rows in 20 ms
        Assert.Equal(3_200, point.Lowest, 1e-6);
        Assert.Equal(6_400, point.Highest, 1e-6);
        Assert.Equal(10, point.StepTime.TotalMilliseconds, 1e-6);
        Assert.Equal(12, point.MeanStep.TotalMilliseconds, 1e-6);
        // A step begins with 1 ms of data, then 2 forward, 3 backward, and 2 of exchange, of which rank 0 waits 1 and rank 1 waits 1.5, then 1 of the optimizer.
        Assert.Equal([1, 2, 3, 1, 0.75, 1.25], ScalingPoint.Kinds.Select(kind => point.Times[kind].TotalMilliseconds));
        Assert.Equal(3, point.Other.TotalMilliseconds, 1e-6);   // 1 of 10 ms, 11 of 20 ms
        Assert.Equal(1.25 / 12, point.WaitingShare, 1e-9);
    }

    [Fact]
    public void Of_TooFewSteps_SaysHowManyThereAre() =>
        Assert.Contains("has 4 steps after 2 of warm-up; at least 5", Assert.Throws<DataException>(() => ScalingPoint.Of(Trace(1, [10, 10, 10, 10, 10, 10]), 2)).Message);

    [Fact]
    public void Report_OfThreePoints_ComparesWithTheFewestRanks()
    {
        var report = Report();
        Assert.Equal([1, 1.6, 2], report.Points.Select(report.SpeedUp));   // 10 ms, 6.25 ms, 5 ms
        Assert.Equal([1, 0.8, 0.5], report.Points.Select(report.Efficiency));
        var json = JsonNode.Parse(report.ToJson())!;
        Assert.Equal(("strong", 3), ((string?)json["scaling"], json["points"]!.AsArray().Count));
        Assert.Equal([0.0, 0.8, 0.5], json["points"]!.AsArray().Select(point => (double)point!["efficiency"]! == 1 ? 0 : (double)point["efficiency"]!));
        Assert.Equal((1.25, 6.25), ((double)json["points"]![1]!["waitingMilliseconds"]!, (double)json["points"]![1]!["stepMilliseconds"]!));
        Assert.Equal(1, (double)json["points"]![1]!["meanStepMilliseconds"]!["data"]!);
    }

    [Fact]
    public void Page_OfAReport_HasTheTableAndBothCharts()
    {
        string html = ScalingReportPage.Create(Report() with { Subject = "<b>rows</b>" }, DateTimeOffset.UnixEpoch).Render();
        Assert.Contains("&lt;b&gt;rows&lt;/b&gt;", html);
        Assert.Contains(">10,240<", html);   // 64 rows in 6.25 ms
        Assert.Contains("Strong scaling", html);
        Assert.Contains("ideal", ScalingReportPage.SpeedUp(Report()).ToJson());
        var bars = ScalingReportPage.StepTimes(Report());
        Assert.Equal("stack", (string?)bars.Layout["barmode"]);
        Assert.Equal(7, bars.Data.Count);
        Assert.Equal([1.25, 1.25, 1.25], bars.Data.Single(trace => (string?)trace!["name"] == "waiting")!["y"]!.AsArray().Select(value => (double)value!));
    }

    private static ScalingReport Report() => new()
    {
        Points = [.. new[] { (1, 10.0), (2, 6.25), (4, 5.0) }.Select(point => ScalingPoint.Of(Trace(point.Item1, [.. Enumerable.Repeat(point.Item2, 10)], waiting: 1.25), 0))],
        IsWeak = false, ThreadsPerRank = 1, Cores = 4, Warmup = 0, Engine = "Open MPI 4.1.4", Subject = "rows",
    };

    private static TimelineTrace Trace(int ranks, double[] stepMilliseconds, double? waiting = null)
    {
        var spans = new List<TimelineSpan>();
        for (int rank = 0; rank < ranks; rank++)
        {
            double at = 0;
            for (int step = 0; step < stepMilliseconds.Length; step++)
            {
                void Add(TimelineKind kind, double from, double length, long? rows = null) =>
                    spans.Add(new(rank, $"{kind}", kind, TimeSpan.FromMilliseconds(at + from), TimeSpan.FromMilliseconds(length), step, rows, null));
                double wait = waiting ?? (rank == 0 ? 1 : 1.5);
                Add(TimelineKind.Step, 0, stepMilliseconds[step], 64);
                Add(TimelineKind.Data, 0, 1);
                Add(TimelineKind.Forward, 1, 2);
                if (stepMilliseconds[step] >= 10)
                    Add(TimelineKind.Backward, 3, 3);
                Add(TimelineKind.Gradients, stepMilliseconds[step] >= 10 ? 6 : 3, 2);
                Add(TimelineKind.Wait, stepMilliseconds[step] >= 10 ? 6.25 : 3.25, wait);
                if (stepMilliseconds[step] >= 10)
                    Add(TimelineKind.Optimizer, 8, 1);
                at += stepMilliseconds[step];
                // A validation between two steps belongs to neither, and what is waited for there neither.
                spans.Add(new(rank, "validation", TimelineKind.Validation, TimeSpan.FromMilliseconds(at), TimeSpan.FromMilliseconds(5), step + 1, null, null));
                spans.Add(new(rank, "wait", TimelineKind.Wait, TimeSpan.FromMilliseconds(at + 1), TimeSpan.FromMilliseconds(2), step + 1, null, null));
                at += 5;
            }
        }
        return new()
        {
            Ranks = ranks, RanksShown = ranks, Engine = "Open MPI 4.1.4", StartedAt = DateTimeOffset.UnixEpoch, StepsLeftOut = null, Spans = spans,
            Summaries = [],
        };
    }
}
