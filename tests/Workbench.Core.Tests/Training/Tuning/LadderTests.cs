using Workbench.Data.Samples;
using Workbench.Training.Tuning;

namespace Workbench.Core.Tests.Training.Tuning;

public sealed class LadderTests
{
    private static readonly IReadOnlyList<int> Seeds = [.. Enumerable.Range(0, 20)];

    [Fact]
    public void RungBetween_Asha_FollowsThePowersOfEta()
    {
        // r = 2, η = 3, R = 54: rungs 2, 6, 18; at 54 a trial is done.
        var ladder = new Ladder(Options(PrunerKind.Asha, 2, 54));
        Assert.Equal(
            [null, 2L, null, 6, 18, null, null],
            new[] { ladder.RungBetween(0, 0, 1), ladder.RungBetween(0, 1, 2), ladder.RungBetween(0, 2, 5), ladder.RungBetween(0, 5, 7), ladder.RungBetween(0, 0, 20), ladder.RungBetween(0, 18, 53), ladder.RungBetween(0, 53, 54) });
        Assert.Null(new Ladder(Options(PrunerKind.None, 1, 27)).RungBetween(0, 0, 27));
    }

    [Fact]
    public void GoesOn_OfTheValuesSoFar_TheBestThirdDoes()
    {
        var ladder = new Ladder(Options(PrunerKind.Asha, 1, 27));
        Assert.True(ladder.GoesOn(5, [5]));
        Assert.False(ladder.GoesOn(5, [5, 4]));
        Assert.True(ladder.GoesOn(2, [1, 2, 3, 4, 5, 6]));
        Assert.False(ladder.GoesOn(3, [1, 2, 3, 4, 5, 6]));
    }

    [Fact]
    public void BracketOf_Hyperband_SharesTrialsAsAlgorithmOneDoes()
    {
        // Li 2018, algorithm 1 with R = 81, η = 3, by hand: n = ⌈5 · 3^s / (s + 1)⌉ = 81, 34, 15, 8, 5 for s = 4 ... 0, of 143.
        var ladder = new Ladder(Options(PrunerKind.Hyperband, 1, 81));
        var brackets = Enumerable.Range(0, 1430).Select(ladder.BracketOf).ToList();
        foreach (var (bracket, expected) in ((int, int)[])[(0, 810), (1, 340), (2, 150), (3, 80), (4, 50)])
            Assert.InRange(brackets.Count(one => one == bracket), expected - 10, expected + 10);
        // The last bracket prunes nothing, the first at each rung.
        Assert.Null(ladder.RungBetween(brackets.IndexOf(4), 0, 80));
        Assert.Equal(1, ladder.RungBetween(brackets.IndexOf(0), 0, 1));
        Assert.Equal(9, ladder.RungBetween(brackets.IndexOf(2), 0, 9));
        Assert.Null(ladder.RungBetween(brackets.IndexOf(2), 0, 8));
        Assert.False(ladder.Compete(brackets.IndexOf(0), brackets.IndexOf(1)));
    }

    [Theory]
    [InlineData(PrunerKind.Asha, 0.5)]
    [InlineData(PrunerKind.Hyperband, 0.75)]
    public void GoesOn_NoisyLearningCurves_ReachesTheBestOfFullTrainingWithFewerSteps(PrunerKind kind, double mostSteps)
    {
        // The same 60 random trials each time, once trained in full and once pruned.
        var results = Seeds.Select(seed => (Full: Search(Options(PrunerKind.None, 1, 27), seed), Pruned: Search(Options(kind, 1, 27), seed))).ToList();

        Assert.All(results, result => Assert.Equal(60 * 27, result.Full.Steps));
        Assert.InRange(results.Average(result => (double)result.Pruned.Steps / result.Full.Steps), 0, mostSteps);
        Assert.All(results, result => Assert.InRange((double)result.Pruned.Steps / result.Full.Steps, 0, mostSteps));
        // The same best: the median of the best true losses is within the noise of a single report (0.02).
        double full = Objectives.Median(results.Select(result => result.Full.Best)), pruned = Objectives.Median(results.Select(result => result.Pruned.Best));
        Assert.True(pruned <= full + 0.02, $"Full training's median best is {full}, with pruning it is {pruned}.");
    }

    /// <summary>True final loss of the best trial by its last noisy report, and the steps spent on all.</summary>
    private static (double Best, long Steps) Search(StudyOptions options, int seed)
    {
        var ladder = new Ladder(options);
        var reports = new List<double>[60];
        long steps = 0;
        (double Reported, double True) best = (double.PositiveInfinity, double.PositiveInfinity);
        for (int number = 0; number < reports.Length; number++)
        {
            var curve = new Curve(Samplers.RandomOf(seed, number));
            reports[number] = [];
            for (long step = 1; step <= options.MaxSteps; step++)
            {
                reports[number].Add(curve.Report(step));
                steps++;
                if (ladder.RungBetween(number, step - 1, step) is { } rung && !ladder.GoesOn(reports[number][^1],
                    [.. reports.Take(number + 1).Where((values, other) => values.Count >= rung && ladder.Compete(number, other)).Select(values => values[(int)rung - 1])]))
                    break;
                if (step == options.MaxSteps && reports[number][^1] < best.Reported)
                    best = (reports[number][^1], curve.At(step));
            }
        }
        return (best.True, steps);
    }

    private static StudyOptions Options(PrunerKind kind, long minSteps, long maxSteps) =>
        new() { Name = "ladder", Space = Objectives.BraninSpace, Pruner = kind, MinSteps = minSteps, MaxSteps = maxSteps };

    /// <summary>A loss that falls by a power law to a floor of its own, at a speed of its own, with noise: curves cross.</summary>
    private sealed class Curve(SampleRandom random)
    {
        private readonly double _floor = 0.2 + 0.8 * random.Uniform(), _speed = 0.6 + 0.6 * random.Uniform();

        public double At(long step) => _floor + Math.Pow(step, -_speed);

        public double Report(long step) => random.Normal(At(step), 0.02);
    }
}
