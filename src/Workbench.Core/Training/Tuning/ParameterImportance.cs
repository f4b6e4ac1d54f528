using Workbench.Data.Samples;

namespace Workbench.Training.Tuning;

/// <summary>
/// Functional ANOVA over a random forest (Hutter, Hoos, Leyton-Brown 2014: An Efficient Approach for Assessing
/// Hyperparameter Importance), main effects only: the forest learns value from parameters; a parameter's importance is the
/// variance of its marginal, the mean prediction over all values of the others, taken exactly from the trees' boxes.
/// </summary>
public static class ParameterImportance
{
    /// <summary>Completed trials below which nothing can be said.</summary>
    public const int FewestTrials = 8;

    private const int Trees = 64; // as many as Optuna's fANOVA takes
    private const ulong Seed = 20140621;

    /// <summary>The parameters with the highest share first; empty when there are fewer than <see cref="FewestTrials"/> completed trials, or all have one value.</summary>
    public static IReadOnlyList<Importance> Of(SearchSpace space, IEnumerable<Trial> trials)
    {
        ArgumentNullException.ThrowIfNull(space);
        var rows = trials.Where(trial => trial.State == TrialState.Completed)
            .Select(trial => (X: space.CoordinatesOf(trial.Parameters), Y: trial.Value!.Value)) // a completed trial has a value
            .Where(row => row.X is not null).Select(row => (X: row.X!, row.Y)).ToList();
        if (rows.Count < FewestTrials || rows.TrueForAll(row => row.Y.Equals(rows[0].Y)))
            return [];
        var random = new SampleRandom(Seed);
        var sums = new double[space.Axes.Count];
        for (int i = 0; i < Trees; i++)
        {
            var tree = RegressionTree.Grow(space.Axes, [.. Enumerable.Range(0, rows.Count).Select(_ => rows[random.Below(rows.Count)])]);
            for (int axis = 0; axis < sums.Length; axis++)
                sums[axis] += tree.MarginalVariance(axis);
        }
        double total = sums.Sum();
        return total <= 0 ? [] : [.. space.Axes.Select((axis, i) => new Importance(axis.Name, sums[i] / total)).OrderByDescending(one => one.Share).ThenBy(one => one.Parameter, StringComparer.Ordinal)];
    }
}
