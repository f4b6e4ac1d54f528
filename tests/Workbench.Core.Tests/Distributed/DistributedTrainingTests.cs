using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Core.Tests.Registry;
using Workbench.Distributed.Tracing;

namespace Workbench.Core.Tests.Distributed;

/// <summary>N ranks of B/N rows against one rank of B rows, in real processes.</summary>
public sealed class DistributedTrainingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    // Float32 sums in another order; Adam makes the rounding of small gradients larger (measured: 3.5e-8 and 6.4e-5 over 40 steps).
    private const double Sgd = 1e-6, Adam = 1e-4;

    private static readonly IReadOnlyList<(object Case, double Tolerance)> Cases =
    [
        (new { Name = "sgd" }, Sgd),
        (new { Name = "adam", Optimizer = 0, LearningRate = 0.01 }, Adam),
        (new { Name = "accumulated", Accumulation = 3, Steps = 20 }, Sgd),
        (new { Name = "clipped", ClipNorm = 0.05 }, Sgd),
        (new { Name = "overlapping", Overlaps = true, Accumulation = 2 }, Sgd),
        (new { Name = "knotted", Network = "knotted" }, Sgd),
        (new { Name = "knotted, overlapping", Network = "knotted", Overlaps = true }, Sgd),
        (new { Name = "knotted, decaying", Network = "knotted", Optimizer = 0, LearningRate = 0.01 }, Adam),
        (new { Name = "flat", Engine = 2 }, Sgd),
        (new { Name = "sharded", Optimizer = 0, LearningRate = 0.01, Shards = true }, Adam),
        (new { Name = "sharded momentum", Shards = true }, Sgd),
        (new { Name = "in parts", Parts = 3 }, Sgd),
        (new { Name = "normalised", Network = "normalised", Rows = 96 }, 2e-6),
        (new { Name = "one bucket", BucketBytes = 1 << 20 }, Sgd),
        (new { Name = "compressed", Compresses = true }, 0.02),   // bfloat16 has 8 bits of mantissa
    ];

    [Fact]
    public void Training_OnTwoAndThreeRanks_EqualsOneRank()
    {
        string[] cases = [.. Cases.Select(item => JsonSerializer.Serialize(item.Case))];
        var one = Ranks.Run(1, "train", cases)[0];
        foreach (int size in new[] { 2, 3 })
        {
            var many = Ranks.Run(size, "train", cases);
            for (int i = 0; i < cases.Length; i++)
            {
                foreach (var rank in many)
                    Assert.Equal(Numbers(many[0][i], "weights"), Numbers(rank[i], "weights"));   // replicas differ by exactly 0
                AssertNear(one[i], many[0][i], Cases[i].Tolerance, $"{cases[i]} on {size} ranks");
            }
        }
    }

    [Fact]
    public void FineTuning_OfAnAdapterOnTwoRanks_EqualsOneRank()
    {
        var (one, two) = (Ranks.Run(1, "adapt")[0][0], Ranks.Run(2, "adapt"));
        Assert.Equal(Numbers(two[0][0], "weights"), Numbers(two[1][0], "weights"));
        AssertNear(one, two[0][0], 1e-3, "LoRA");   // Adam at a rate of 0.01, and rows of one to sixteen tokens
    }

    [Theory]
    [InlineData(2, 1, false)]
    [InlineData(1, 2, false)]
    [InlineData(3, 2, true)]
    public void Training_ResumedOnAnotherNumberOfRanks_EndsWhereOneRankEnds(int before, int after, bool shards)
    {
        string Case(long steps, string? folder) => JsonSerializer.Serialize(new { Name = "resumed", Steps = steps, Checkpoints = folder, Shards = shards, Optimizer = shards ? 0 : 1, LearningRate = 0.01 });
        Ranks.Run(before, "train", Case(10, _folder.Path));
        var resumed = Ranks.Run(after, "train", Case(23, _folder.Path));
        var straight = Ranks.Run(1, "train", Case(23, null))[0][0];
        AssertNear(straight, resumed[0][0], shards ? Adam : Sgd, $"{before} ranks, then {after}");
    }

    [Fact]
    public void Training_ResumedOnAsManyRanks_GivesTheSameBits()
    {
        string Case(long steps, string? folder) => JsonSerializer.Serialize(new { Name = "resumed", Network = "dropout", Steps = steps, Checkpoints = folder, Optimizer = 0, LearningRate = 0.01 });
        Ranks.Run(2, "train", Case(10, _folder.Path));
        var resumed = Ranks.Run(2, "train", Case(23, _folder.Path));
        var straight = Ranks.Run(2, "train", Case(23, null));
        Assert.Equal(Numbers(straight[0][0], "weights"), Numbers(resumed[0][0], "weights"));
        Assert.NotEqual(Numbers(straight[0][0], "weights"), Numbers(Ranks.Run(1, "train", Case(23, null))[0][0], "weights"));   // dropout differs by rank
    }

    [Fact]
    public void Training_WithATimeline_ShowsEveryStepOfEveryRank()
    {
        string path = Path.Combine(_folder.Path, "trace.json"), excerpt = Path.Combine(_folder.Path, "excerpt.json");
        Ranks.Run(2, "train", JsonSerializer.Serialize(new { Name = "traced", Steps = 4, BucketBytes = 1 << 20, Timeline = path, Excerpt = excerpt, Optimizer = 0, Shards = true, Checkpoints = Path.Combine(_folder.Path, "checkpoints") }));
        Assert.Equal(File.ReadAllText(path), File.ReadAllText(excerpt));   // so few are all in both
        var trace = TimelineTrace.Parse(File.ReadAllBytes(path));
        Assert.Equal((2, 2, null), (trace.Ranks, trace.RanksShown, trace.StepsLeftOut));
        Assert.StartsWith("Open MPI", trace.Engine);
        foreach (int rank in new[] { 0, 1 })
        {
            var own = trace.Spans.Where(span => span.Rank == rank).ToList();
            foreach (string name in new[] { "step", "data", "forward", "backward", "exchange gradients", "all-reduce of bucket 0", "optimizer" })
                Assert.Equal([0, 1, 2, 3], own.Where(span => span.Name == name).Select(span => span.Step));
            Assert.Equal([(1L, 16L), (0L, 16L)], own.Where(span => span is { Kind: TimelineKind.Step, Step: < 2 }).Select(span => (span.Step, span.Rows!.Value)).OrderByDescending(step => step.Step));
            Assert.All(own.Where(span => span.Name == "all-reduce of bucket 0"), span => Assert.Equal(4 * (6 * 16 + 16 + 16 * 16 + 16 + 16 * 3 + 3), span.Bytes));   // float32 gradients of the network
            Assert.Contains(own, span => span is { Name: "all-gather" or "broadcast", Kind: TimelineKind.Collective, Step: > 0 });   // ZeRO-1 spreads what each rank has updated
            Assert.Equal([4L, 4L], own.Where(span => span.Kind is TimelineKind.Validation or TimelineKind.Checkpoint && span.Step == 4).Select(span => span.Step));
            // What a rank waits for lies within the collective work, or nothing would be waited for.
            var work = own.Where(span => span.Kind == TimelineKind.Collective).ToList();
            Assert.All(own.Where(span => span.Kind == TimelineKind.Wait), wait => Assert.Contains(work, one => wait.Name == $"wait for {one.Name}" && one.End > wait.Start && one.Start < wait.End));
            var summary = trace.Summaries[rank];
            Assert.Equal((rank, 4L, 64L), (summary.Rank, summary.Steps, summary.Rows));
            Assert.InRange(TimelineSummary.Kinds.Sum(kind => summary.Times[kind].TotalSeconds), 0, summary.Wall.TotalSeconds);
        }
        // The same all-reduce ends on both ranks at nearly the same time, by the clock they share.
        foreach (var pair in trace.Spans.Where(span => span.Name == "all-reduce of bucket 0").GroupBy(span => span.Step))
            Assert.InRange((pair.First().End - pair.Last().End).Duration().TotalMilliseconds, 0, 250);
    }

    [Fact]
    public void Training_OfDifferentNetworksOrRows_IsRefusedByEveryRankWithTheDifference()
    {
        foreach (var rank in Ranks.Run(2, "mismatch"))
        {
            Assert.Equal(2, rank.Count);
            Assert.Contains("'weight' Float32 [3, 6]", (string?)rank[0]["refusal"]);
            Assert.Contains("'weight' Float32 [3, 7]", (string?)rank[0]["refusal"]);
            Assert.Contains("10 rows", (string?)rank[1]["refusal"]);
            Assert.Contains("11 rows", (string?)rank[1]["refusal"]);
        }
    }

    private static void AssertNear(JsonNode expected, JsonNode actual, double tolerance, string what)
    {
        double Difference(string name) => Numbers(expected, name).Zip(Numbers(actual, name), (a, b) => Math.Abs(a - b)).Max();
        Assert.True(Difference("weights") <= tolerance, $"{what}: weights differ by {Difference("weights")}");
        Assert.True(Math.Abs((double)expected["best"]! - (double)actual["best"]!) <= 10 * tolerance, $"{what}: {expected["best"]} and {actual["best"]}");
    }

    private static double[] Numbers(JsonNode line, string name) => [.. line[name]!.AsArray().Select(value => (double)value!)];

    public void Dispose() => _folder.Dispose();
}
