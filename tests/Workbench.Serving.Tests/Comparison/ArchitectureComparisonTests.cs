using System.Text.Json;
using Workbench.Evaluation;
using Workbench.Features;
using Workbench.Serving.Comparison;
using Workbench.Serving.Export;

namespace Workbench.Serving.Tests.Comparison;

[Collection(nameof(Alone))]
public sealed class ArchitectureComparisonTests
{
    private const int Rows = 400;
    private static readonly ComparisonData Data = new(ChurnModels.Rows(300, 1), ChurnModels.Rows(80, 2), Balanced());

    private static TabularData Balanced() => ChurnModels.Rows(Rows, 3) with { Labels = [.. Enumerable.Range(0, Rows).Select(row => (float)(row % 2))] };

    /// <summary>A model that is wrong on the rows before <paramref name="wrong"/>, one more a seed, and exports a real file.</summary>
    private static Candidate Fake(string name, long parameters, int wrong) => new(name, (_, seed, _) => new(
        parameters,
        rows => Predictions.Binary([.. rows.Labels.Select((label, row) => row < wrong + (int)seed ? 1 - label : label)], rows.Labels),
        path => OnnxExporter.Export(ChurnModels.First, path)));

    private static ArchitectureComparison Run(ComparisonOptions options, params Candidate[] candidates) =>
        ArchitectureComparison.Run(Data, candidates, options with { FirstSeed = 0, LatencyCalls = 20 }, cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>Wrong on 40, 41, 42 of 400 rows: accuracy 0.9, 0.8975, 0.895. The other on 80, 81, 82: 0.1 less on average, paired standard error 0.015.</summary>
    [Fact]
    public void Run_TwoCandidates_MeanOverSeedsAndPairedDifference()
    {
        var comparison = Run(new(), Fake("small", 10, 80), Fake("large", 1000, 40));
        var (small, large) = (comparison.Candidates[0], comparison.Candidates[1]);
        Assert.Equal([0.9, 0.8975, 0.895], large.SeedValues.Select(value => Math.Round(value!.Value, 6)));
        Assert.Equal(0.8975, large.Quality!.Value, 9);
        Assert.Equal(0.1, large.AgainstBaseline!.Difference, 9);
        Assert.Equal(0.1 - 1.96 * 0.015, large.AgainstBaseline.Lower, 0.006);
        Assert.Null(small.AgainstBaseline);
        Assert.Equal(-0.1, small.AgainstBest!.Difference, 9);
        Assert.Equal(("small", "large", "large", "large"), (comparison.Baseline, comparison.Best, comparison.Choice.Winner, comparison.Choice.Best));
        Assert.Equal([1, 32], large.Latencies.Select(one => one.BatchSize));
        Assert.Equal(ChurnModels.FirstFile.Length, large.OnnxBytes);
        Assert.All(large.Latencies, one => Assert.True(one.Calls == 20 && one.Median > TimeSpan.Zero && one.Median <= one.P99));
        Assert.Equal((large.TrainingProcessorTime.TotalHours + 1e6 * large.Latency(1).Median.TotalHours) * 0.05, large.Cost, 12);
    }

    [Fact]
    public void Run_NoDifferenceBeyondChance_TakesTheSimplest()
    {
        var comparison = Run(new() { Seeds = 1 }, Fake("large", 1000, 40), Fake("small", 10, 42));
        Assert.Equal(("small", "large"), (comparison.Choice.Winner, comparison.Choice.Best));
        Assert.Contains("small cannot be told from large (-0.0050 [", comparison.Choice.Why);
        Assert.Contains("100 times the parameters", comparison.Choice.Why);
        Assert.Equal("large is the only one.", Run(new() { Seeds = 1 }, Fake("large", 1000, 40)).Choice.Why);
        Assert.Equal("small is the best, and none is simpler.", Run(new() { Seeds = 1 }, Fake("large", 1000, 90), Fake("small", 10, 42)).Choice.Why);
    }

    /// <summary>The times are given, so that nothing depends on the machine: the best takes 2 ms, the limit is 1 ms.</summary>
    [Fact]
    public void Judge_BestBreaksTheLimit_IsRefusedWithThatReason()
    {
        var measured = Run(new(), Fake("small", 10, 80), Fake("large", 1000, 40));
        var judged = ComparisonRules.Judge(Timed(measured, new() { LatencyLimit = TimeSpan.FromMilliseconds(1) }));
        Assert.Equal("best quality, but an answer takes 2 ms (median at batch 1), allowed are 1 ms", judged.Candidates[1].Refusal);
        Assert.Null(judged.Candidates[0].Refusal);
        Assert.Equal(("small", "large"), (judged.Choice.Winner, judged.Best));
        Assert.Contains("large is refused: best quality, but", judged.Choice.Why);
        // The small one's 99th percentile is beyond the limit as well.
        var strict = ComparisonRules.Judge(Timed(measured, new() { LatencyLimit = TimeSpan.FromMilliseconds(1), LimitsP99 = true }));
        Assert.All(strict.Candidates, one => Assert.NotNull(one.Refusal));
        Assert.Null(strict.Choice.Winner);
        Assert.Equal("large", Timed(measured, new()).Choose(TimeSpan.FromMilliseconds(2)).Winner);
        Assert.Equal("small", Timed(measured, new()).Choose(TimeSpan.FromMilliseconds(1)).Winner);
        string page = ComparisonReportPage.Create(judged, "rows of a test").Render();
        Assert.All(["rows of a test", "best quality, but an answer takes 2 ms", "-0.1000 [", judged.SplitHash, "at 0.05 a core-hour"], text => Assert.Contains(text, page));
    }

    private static ArchitectureComparison Timed(ArchitectureComparison comparison, ComparisonOptions options) => comparison with
    {
        Options = options,
        Candidates = [.. comparison.Candidates.Select((one, i) => one with
        {
            Latencies = [new() { BatchSize = 1, Calls = 100, Median = TimeSpan.FromMilliseconds(i == 0 ? 0.5 : 2), P99 = TimeSpan.FromMilliseconds(3) }],
        })],
    };

    [Fact]
    public void Run_RealCandidates_SameSplitAndSeedsGiveTheSameQuality()
    {
        var common = new Training.TabularTrainingOptions { MaxEpochs = 2 };
        var seen = new List<ComparisonProgress>();
        ArchitectureComparison Once(IProgress<ComparisonProgress>? progress) => ArchitectureComparison.Run(
            Data, [CandidateText.Parse("linear", common), CandidateText.Parse("mlp:8", common)], new() { Seeds = 2, LatencyCalls = 20, Metric = "log_loss" }, progress, TestContext.Current.CancellationToken);
        var (first, second) = (Once(new Listing(seen)), Once(null));
        Assert.Equal(first.SplitHash, second.SplitHash);
        Assert.Equal(first.Candidates.SelectMany(one => one.SeedValues), second.Candidates.SelectMany(one => one.SeedValues));
        Assert.NotEqual(first.Candidates[0].SeedValues[0], first.Candidates[0].SeedValues[1]);
        Assert.Equal(first.Candidates[0].AgainstBest ?? first.Candidates[1].AgainstBest, second.Candidates[0].AgainstBest ?? second.Candidates[1].AgainstBest);
        Assert.Equal([("linear", 42, 1, 4), ("linear", 43, 2, 4), ("mlp:8", 42, 3, 4), ("mlp:8", 43, 4, 4)], seen.Select(one => (one.Candidate, one.Seed, one.Done, one.Total)));
        var json = JsonSerializer.SerializeToNode(first, JsonSerializerOptions.Web)!;
        Assert.Equal(("log_loss", "LowerIsBetter", "mlp:8"), ((string?)json["metric"], (string?)json["direction"], (string?)json["candidates"]![1]!["name"]));
        Assert.Equal(first.Candidates[1].Quality!.Value, (double)json["candidates"]![1]!["quality"]!["value"]!);
    }

    private sealed class Listing(List<ComparisonProgress> seen) : IProgress<ComparisonProgress>
    {
        public void Report(ComparisonProgress value) => seen.Add(value);
    }

    /// <summary>Calls come in turns of 20, after 50 of each that do not count.</summary>
    [Fact]
    public void OfEach_TwoCalls_AreTimedInTurn()
    {
        var order = new List<(char Who, int Call)>();
        var measured = LatencyMeasurement.OfEach([call => order.Add(('a', call)), call => order.Add(('b', call))], batchSize: 3, calls: 30);
        Assert.Equal([(3, 30), (3, 30)], measured.Select(one => (one.BatchSize, one.Calls)));
        string expected = new string('a', 50) + new string('b', 50) + new string('a', 20) + new string('b', 20) + new string('a', 10) + new string('b', 10);
        Assert.Equal(expected, string.Concat(order.Select(one => one.Who)));
        Assert.Equal(Enumerable.Range(0, 30), order.Skip(100).Where(one => one.Who == 'a').Select(one => one.Call));
    }

    [Fact]
    public void SplitHash_OneValueOrTextChanged_IsAnother()
    {
        var rows = ChurnModels.Rows(10, 5);
        var data = new ComparisonData(rows, rows, rows);
        string?[] texts = [.. rows.Categorical];
        texts[^1] = "other";
        Assert.StartsWith("sha256:", data.SplitHash());
        Assert.NotEqual(data.SplitHash(), (data with { Holdout = rows with { Categorical = texts } }).SplitHash());
        Assert.NotEqual(data.SplitHash(), (data with { Validation = rows with { Labels = [.. rows.Labels.Select(label => 1 - label)] } }).SplitHash());
        Assert.NotEqual(data.SplitHash(), (data with { Fitting = rows.Select([1, 0, 2, 3, 4, 5, 6, 7, 8, 9]) }).SplitHash());
    }

    [Fact]
    public void Run_WrongRules_AreRefusedBeforeTraining()
    {
        Candidate never = new("never", (_, _, _) => throw new InvalidOperationException("It was trained."));
        string Refused(ComparisonOptions options, params Candidate[] candidates) => Assert.Throws<ArgumentException>(() => ArchitectureComparison.Run(Data, candidates, options)).Message;
        Assert.Contains("no candidate", Refused(new()));
        Assert.Contains("'never' is named 2 times", Refused(new(), never, never));
        Assert.Contains("Did you mean 'never'?", Refused(new() { Baseline = "nevr" }, never));
        Assert.Contains("Did you mean 'accuracy'?", Refused(new() { Metric = "acuracy" }, never));
        string many = Refused(new() { Seeds = 0, LatencyLimit = TimeSpan.Zero, LimitedBatchSize = 7, LatencyCalls = 1, BootstrapSamples = 1, CoreHourPrice = double.NaN }, never);
        Assert.All(["Seeds is 0", "LatencyLimit is 00:00:00", "LimitedBatchSize is 7", "LatencyCalls is 1", "BootstrapSamples is 1", "CoreHourPrice is NaN"], error => Assert.Contains(error, many));
    }
}
