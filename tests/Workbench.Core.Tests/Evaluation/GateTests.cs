using System.Text.Json;
using Workbench.Evaluation;

namespace Workbench.Core.Tests.Evaluation;

/// <summary>Rows whose differences are known: a model is wrong on the rows that it is told to be wrong on.</summary>
public sealed class GateTests
{
    private static readonly float[] Labels = [.. Enumerable.Range(0, 1000).Select(row => row % 2 == 0 ? 1f : 0f)];
    private static readonly SliceColumn Half = new("half", [.. Enumerable.Range(0, 1000).Select(row => row < 500 ? "first" : "second")]);

    private static Predictions WrongOn(int from, int to) =>
        Predictions.Binary([.. Labels.Select((label, row) => row >= from && row < to ? 1 - label : label)], Labels);

    private static GateEvidence Evidence(Predictions candidate, Predictions? champion) => new()
    {
        Candidate = "v2", Predictions = candidate, Champion = champion is null ? null : "v1", ChampionPredictions = champion, Slices = [Half],
    };

    /// <summary>Wrong on 30 and on 100 rows: 0.97 against 0.90, difference 0.07 with a standard error of 0.0113, so above 0.04 and not above 0.06.</summary>
    [Fact]
    public void Judge_KnownDifference_IsComparedWithWhatIsNeeded()
    {
        var evidence = Evidence(WrongOn(0, 30), WrongOn(300, 400));
        var passed = Gate.Judge(evidence, new());
        Assert.Equal((GateOutcome.Passed, GateReason.Better, 1000), (passed.Outcome, passed.Reason, passed.Rows));
        Assert.Equal((0.97, 0.9), (passed.CandidateValue, passed.ChampionValue));
        Assert.StartsWith("v2 passes: accuracy 0.9700 against 0.9000 of champion v1 on the same 1000 rows, difference +0.0700 [", passed.Message);
        Assert.Equal(GateOutcome.Passed, Gate.Judge(evidence, new() { MinimumImprovement = 0.04 }).Outcome);
        Assert.Equal((GateOutcome.Refused, GateReason.NotBetter), Verdict(evidence, new() { MinimumImprovement = 0.06 }));
        // 0.04 / 0.9 = 0.044 and 0.06 / 0.9 = 0.067 of the champion's value.
        Assert.Equal(GateOutcome.Passed, Gate.Judge(evidence, new() { MinimumRelativeImprovement = 0.044 }).Outcome);
        Assert.Equal((GateOutcome.Refused, GateReason.NotBetter), Verdict(evidence, new() { MinimumRelativeImprovement = 0.067 }));
        Assert.Equal((GateOutcome.Refused, GateReason.NotBetter), Verdict(Evidence(WrongOn(0, 100), WrongOn(0, 30)), new()));
    }

    [Fact]
    public void Judge_TooFewRows_IsInconclusive()
    {
        var verdict = Gate.Judge(Evidence(WrongOn(0, 30), WrongOn(300, 400)), new() { MinimumRows = 1001 });
        Assert.Equal((GateOutcome.Inconclusive, GateReason.TooFewRows), (verdict.Outcome, verdict.Reason));
        Assert.Contains("1000 labelled rows are too few to compare with champion v1; at least 1001 are needed", verdict.Message);
    }

    [Fact]
    public void Judge_OneClass_IsInconclusiveAndWritesNoNaN()
    {
        var rows = Predictions.Binary([.. Labels.Select(_ => 0.5f)], new float[1000]);
        var verdict = Gate.Judge(Evidence(rows, rows), new() { Metric = "roc_auc", Thresholds = [MetricThreshold.Parse("recall >= 0.5")] });
        Assert.Equal((GateOutcome.Inconclusive, GateReason.Undefined), (verdict.Outcome, verdict.Reason));
        Assert.All(verdict.Findings, finding => Assert.Equal(GateReason.Undefined, finding.Reason));
        Assert.Contains("\"Outcome\":\"Inconclusive\"", JsonSerializer.Serialize(verdict));
    }

    /// <summary>Better by 70 rows in the first half, worse by 40 of 500 in the second, which is 0.08 ± 0.024.</summary>
    [Fact]
    public void Judge_SliceFell_IsRefusedUnlessTolerated()
    {
        var evidence = Evidence(WrongOn(500, 540), WrongOn(0, 110));
        Assert.Equal(GateOutcome.Passed, Gate.Judge(evidence, new()).Outcome);
        var fell = Gate.Judge(evidence, new() { Slices = ["half"] });
        Assert.Equal((GateOutcome.Refused, GateReason.SliceFell), (fell.Outcome, fell.Reason));
        Assert.Contains("where half is second (500 rows): difference -0.0800", fell.Message);
        Assert.DoesNotContain("half is first", fell.Message);
        Assert.Equal(GateOutcome.Passed, Gate.Judge(evidence, new() { Slices = ["half"], SliceTolerance = 0.07 }).Outcome);
        var tooSmall = Gate.Judge(evidence, new() { Slices = ["half"], MinimumSliceRows = 501 });
        Assert.Equal((GateOutcome.Passed, 1), (tooSmall.Outcome, tooSmall.Findings.Count));
        Assert.Contains("evidence has half", Assert.Throws<ArgumentException>(() => Gate.Judge(evidence, new() { Slices = ["third"] })).Message);
    }

    [Fact]
    public void Judge_ThresholdsAndLimits_AreAskedWithAndWithoutAChampion()
    {
        var rules = new GateRules
        {
            Thresholds = [MetricThreshold.Parse("accuracy>=0.97"), MetricThreshold.Parse("brier <= 0.02")], LatencyLimit = TimeSpan.FromMilliseconds(1), SizeLimitBytes = 1000,
        };
        var evidence = Evidence(WrongOn(0, 30), null) with { Latency = TimeSpan.FromMilliseconds(1.5), SizeBytes = 1000 };
        foreach (var one in new[] { evidence, evidence with { Champion = "v1", ChampionPredictions = WrongOn(300, 400) } })
        {
            var verdict = Gate.Judge(one, rules);
            Assert.Equal((GateOutcome.Refused, GateReason.ThresholdMissed), (verdict.Outcome, verdict.Reason)); // Brier is 0.03
            Assert.Contains("brier is 0.0300, needed is at most 0.02", verdict.Message);
            Assert.Contains("an answer takes 1.5 ms (median), allowed are 1 ms", verdict.Message);
            Assert.Equal([GateReason.ThresholdMissed, GateReason.TooSlow], verdict.Findings.Where(finding => finding.Outcome != GateOutcome.Passed).Select(finding => finding.Reason));
        }
        Assert.Equal((GateOutcome.Passed, GateReason.NoChampion), Verdict(Evidence(WrongOn(0, 30), null), new()));
        Assert.Equal((GateOutcome.Inconclusive, GateReason.TooFewRows), Verdict(evidence with { Latency = TimeSpan.Zero }, rules with { MinimumRows = 1001 }));
        Assert.Contains("the evidence has none", Assert.Throws<ArgumentException>(() => Gate.Judge(Evidence(WrongOn(0, 30), null), rules)).Message);
    }

    [Fact]
    public void Identical_IsRefused()
    {
        var verdict = Gate.Identical("v3", "v2");
        Assert.Equal((GateOutcome.Refused, GateReason.IdenticalModel, "v3 is refused: its weights are those of champion v2."), (verdict.Outcome, verdict.Reason, verdict.Message));
    }

    [Fact]
    public void Validate_EverythingWrong_ListsAll()
    {
        var rules = new GateRules
        {
            MinimumRows = 0, MinimumImprovement = 7, MinimumRelativeImprovement = double.NaN, MinimumSliceRows = 0, SliceTolerance = -1, LatencyLimit = TimeSpan.Zero, SizeLimitBytes = 0,
        };
        Assert.Equal(7, rules.Validate().Count);
        Assert.Empty(new GateRules { Metric = "rmse", MinimumImprovement = 7 }.Validate());
        Assert.Throws<ArgumentException>(() => Gate.Judge(Evidence(WrongOn(0, 1), null), rules));
        Assert.Contains("roc_auc>=0.8", Assert.Throws<FormatException>(() => MetricThreshold.Parse("accuracy > 0.5")).Message);
    }

    private static (GateOutcome, GateReason) Verdict(GateEvidence evidence, GateRules rules) => Gate.Judge(evidence, rules) is var verdict ? (verdict.Outcome, verdict.Reason) : default;
}
