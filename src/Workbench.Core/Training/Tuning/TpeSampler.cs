using Workbench.Data.Samples;

namespace Workbench.Training.Tuning;

/// <summary>
/// The tree-structured Parzen estimator (Bergstra, Bardenet, Bengio, Kégl 2011: Algorithms for Hyper-Parameter
/// Optimization): l(x) is the density of the best trials, g(x) that of the others; the expected improvement grows with
/// l/g, so that of some points drawn from l, each parameter by itself, the one with the highest l/g is taken. Trials that
/// are under way count as bad ones, so that workers who ask at the same time do not get the same point.
/// </summary>
internal sealed class TpeSampler(int startupTrials, int candidates) : ISampler
{
    // γ(n) of the public implementation (hyperopt.tpe): the best √n / 4, here with the share of Optuna's, and never above 25.
    private const double GoodShare = 0.1;
    private const int MostGood = 25;

    private readonly RandomSampler _startup = new();

    public double[] Next(IReadOnlyList<SearchAxis> axes, IReadOnlyList<PastTrial> past, SampleRandom random)
    {
        var told = past.Where(trial => trial.State is TrialState.Completed or TrialState.Pruned).ToList();
        if (told.Count < startupTrials)
            return _startup.Next(axes, past, random);
        var good = Ranked(told).Take((int)Math.Min(MostGood, Math.Ceiling(GoodShare * told.Count))).ToHashSet();
        var bad = past.Where(trial => !good.Contains(trial)).ToList();
        return [.. axes.Select((axis, i) => Next(axis, Coordinates(good, i), Coordinates(bad, i), random))];
    }

    /// <summary>Completed ones by their value; then the pruned ones, of which those that came further were better.</summary>
    private static IEnumerable<PastTrial> Ranked(IEnumerable<PastTrial> told) => told
        .OrderBy(trial => trial.State == TrialState.Completed ? 0 : 1)
        .ThenBy(trial => trial.State == TrialState.Completed ? 0 : -trial.LastStep)
        .ThenBy(trial => trial.Value).ThenBy(trial => trial.Number);

    private double Next(SearchAxis axis, IReadOnlyList<double> good, IReadOnlyList<double> bad, SampleRandom random)
    {
        var (l, g) = (ParzenEstimator.Of(axis, good), ParzenEstimator.Of(axis, bad));
        var (best, bestScore) = (0.0, double.NegativeInfinity);
        for (int i = 0; i < candidates; i++)
        {
            double candidate = l.Draw(random), score = l.LogDensity(candidate) - g.LogDensity(candidate);
            if (score > bestScore)
                (best, bestScore) = (candidate, score);
        }
        return best;
    }

    // In the order of the trials: a set has none that could be relied on.
    private static List<double> Coordinates(IEnumerable<PastTrial> trials, int axis) =>
        trials.OrderBy(trial => trial.Number).Select(trial => trial.Coordinates[axis]).ToList();
}
