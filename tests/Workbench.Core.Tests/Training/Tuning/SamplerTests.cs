using Workbench.Training.Tuning;

namespace Workbench.Core.Tests.Training.Tuning;

public sealed class SamplerTests
{
    private const int Trials = 60;
    private static readonly IReadOnlyList<int> Seeds = [.. Enumerable.Range(0, 20)];

    [Fact]
    public void Objectives_AtTheirPublishedOptima_HaveThePublishedMinima()
    {
        foreach (var optimum in (double[][])[[-Math.PI, 12.275], [Math.PI, 2.275], [9.42478, 2.475]])
            Assert.Equal(Objectives.BraninMinimum, Objectives.Branin(optimum), 5);
        Assert.Equal(Objectives.HartmannMinimum, Objectives.Hartmann(Objectives.HartmannOptimum), 4);
    }

    [Theory]
    [InlineData("branin", 1)]
    [InlineData("hartmann6", 1)]
    [InlineData("branin", 4)]
    [InlineData("hartmann6", 4)]
    public void Next_Tpe_MedianBestOverSeedsBeatsRandom(string function, int workers)
    {
        var (space, objective) = function == "branin" ? (Objectives.BraninSpace, (Func<IReadOnlyList<double>, double>)Objectives.Branin) : (Objectives.HartmannSpace, Objectives.Hartmann);
        double tpe = Objectives.Median(Seeds.Select(seed => Best(space, objective, new TpeSampler(10, 24), seed, workers)));
        double random = Objectives.Median(Seeds.Select(seed => Best(space, objective, new RandomSampler(), seed, workers)));
        Assert.True(tpe < random, $"TPE's median best is {tpe}, that of random search {random}.");
    }

    [Fact]
    public void Next_SameSeedAndPast_GivesTheSamePoint()
    {
        foreach (ISampler sampler in (ISampler[])[new RandomSampler(), new TpeSampler(10, 24)])
            Assert.Equal(Best(Objectives.HartmannSpace, Objectives.Hartmann, sampler, 7, 1), Best(Objectives.HartmannSpace, Objectives.Hartmann, sampler, 7, 1));
        // By the number alone, whatever was drawn before.
        Assert.Equal(new RandomSampler().Next(Objectives.BraninSpace.Axes, [], Samplers.RandomOf(7, 30)), new RandomSampler().Next(Objectives.BraninSpace.Axes, Past(20), Samplers.RandomOf(7, 30)));
        Assert.NotEqual(new RandomSampler().Next(Objectives.BraninSpace.Axes, [], Samplers.RandomOf(7, 30)), new RandomSampler().Next(Objectives.BraninSpace.Axes, [], Samplers.RandomOf(7, 31)));
    }

    [Fact]
    public void Next_PointsUnderWay_AreAvoided()
    {
        // The same numbers for every worker: only what the others are at can tell their points apart.
        var past = Past(30);
        var points = new List<double[]>();
        for (int worker = 0; worker < 8; worker++)
            points.Add(new TpeSampler(10, 24).Next(Objectives.BraninSpace.Axes, [.. past, .. points.Select((x, i) => new PastTrial(30 + i, TrialState.Running, x, 0, 0))], Samplers.RandomOf(3, 30)));

        var same = new TpeSampler(10, 24).Next(Objectives.BraninSpace.Axes, past, Samplers.RandomOf(3, 30));
        Assert.Equal(points[0], same);
        Assert.True(points.DistinctBy(x => (x[0], x[1])).Count() >= 4, string.Join(" ", points.Select(x => $"({x[0]:F2}, {x[1]:F2})")));
    }

    [Fact]
    public void Next_OneGoodCategoryAndNumber_IsFound()
    {
        // 30 trials at random, then 40 by TPE: the best choice of five and the best of 64 numbers come far more often than by chance.
        var space = new SearchSpace(SearchParameter.Categorical("c", "a", "b", "c", "d", "e"), SearchParameter.Int("n", 1, 64, log: true));
        double Loss(double[] x) => (x[0] == 3 ? 0 : 1) + Math.Abs(Math.Log(space.ParametersAt(x)["n"]!.GetValue<long>() / 16.0));
        var past = new List<PastTrial>();
        for (int number = 0; number < 70; number++)
        {
            var x = new TpeSampler(30, 24).Next(space.Axes, past, Samplers.RandomOf(1, number));
            past.Add(new(number, TrialState.Completed, x, Loss(x), 0));
        }
        Assert.InRange(past.Skip(30).Count(trial => trial.Coordinates[0] == 3), 24, 40); // by chance 8
        Assert.InRange(past.Skip(30).Count(trial => space.ParametersAt(trial.Coordinates)["n"]!.GetValue<long>() is >= 12 and <= 21), 16, 40); // by chance 5
    }

    [Fact]
    public void Next_PrunedTrials_ThoseThatCameFurtherCountAsBetter()
    {
        // All pruned: those above x = 6 came to step 9, the best near 8; the others to step 1, where their values were lower.
        var past = Enumerable.Range(0, 40).Select(i => (Number: i, X: -5 + 15 * i / 39.0))
            .Select(one => new PastTrial(one.Number, TrialState.Pruned, [one.X, 7], one.X > 6 ? Math.Abs(one.X - 8) : -1, one.X > 6 ? 9 : 1)).ToList();
        var points = Enumerable.Range(40, 30).Select(number => new TpeSampler(10, 24).Next(Objectives.BraninSpace.Axes, past, Samplers.RandomOf(1, number))[0]).ToList();
        Assert.InRange(points.Count(x => x > 6), 20, 30); // by chance 8
    }

    [Fact]
    public void LogDensity_OfEveryAxis_IntegratesToOne()
    {
        var space = new SearchSpace(SearchParameter.Float("a", 0, 2), SearchParameter.Int("b", 1, 20, log: true), SearchParameter.Float("c", 0, 1, step: 0.25), SearchParameter.Categorical("d", 1, 2, 3));
        double Sum(int axis, IEnumerable<double> at, double width) => at.Sum(x => Math.Exp(ParzenEstimator.Of(space.Axes[axis], Points(axis)).LogDensity(x)) * width);
        IReadOnlyList<double> Points(int axis) => axis == 3 ? [0, 0, 2] : [.. Enumerable.Range(0, 5).Select(i => space.Axes[axis].Low + (space.Axes[axis].High - space.Axes[axis].Low) * i / 4)];

        Assert.Equal(1, Sum(0, Enumerable.Range(0, 20_000).Select(i => (i + 0.5) * 1e-4), 1e-4), 6); // midpoint rule
        Assert.Equal(1, Sum(1, Enumerable.Range(1, 20).Select(n => Math.Log(n)), 1), 9);
        Assert.Equal(1, Sum(2, [0, 0.25, 0.5, 0.75, 1], 1), 9);
        Assert.Equal(1, Sum(3, [0, 1, 2], 1), 9);
    }

    private static List<PastTrial> Past(int count)
    {
        var past = new List<PastTrial>();
        for (int number = 0; number < count; number++)
        {
            var x = new RandomSampler().Next(Objectives.BraninSpace.Axes, past, Samplers.RandomOf(1, number));
            past.Add(new(number, TrialState.Completed, x, Objectives.Branin(x), 0));
        }
        return past;
    }

    // With several workers, the last few trials are under way while the next is chosen.
    private static double Best(SearchSpace space, Func<IReadOnlyList<double>, double> objective, ISampler sampler, int seed, int workers)
    {
        var past = new List<PastTrial>();
        for (int number = 0; number < Trials; number++)
        {
            var seen = past.Select((trial, i) => i > past.Count - workers ? trial with { State = TrialState.Running, Value = 0 } : trial).ToList();
            var x = sampler.Next(space.Axes, seen, Samplers.RandomOf(seed, number));
            past.Add(new(number, TrialState.Completed, x, objective(x), 0));
        }
        return past.Min(trial => trial.Value);
    }
}
