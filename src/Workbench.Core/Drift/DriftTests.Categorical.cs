using Workbench.Drift.Categorical;

namespace Workbench.Drift;

// Tests of categorical and boolean columns.
public static partial class DriftTests
{
    /// <summary>
    /// Categorical. Pearson's chi-squared of the two-by-k table, k - 1 degrees of freedom: both sides are samples, so an
    /// unseen category alone does not make the p-value 0. The effect size is Cramér's V, in [0, 1].
    /// </summary>
    /// <param name="level">Drift when the adjusted p-value is at or below it; in (0, 1).</param>
    public static DriftTest ChiSquared(double level = 0.05) => CategoriesByLevel("chi2", level, pair => ContingencyTable.ChiSquared(pair.Counts));

    /// <summary>Categorical. Likelihood-ratio (G) test of the two-by-k table, k - 1 degrees of freedom. The effect size is Cramér's V.</summary>
    /// <param name="level">Drift when the adjusted p-value is at or below it; in (0, 1).</param>
    public static DriftTest GTest(double level = 0.05) => CategoriesByLevel("g", level, pair => ContingencyTable.LikelihoodRatio(pair.Counts));

    /// <summary>
    /// Categorical. Total variation ½ Σ |q - p|: the share of rows that would have to change, in [0, 1]. The p-value comes from
    /// seeded permutations, the observed table counted among them.
    /// </summary>
    /// <param name="threshold">Drift at or above it; positive.</param>
    /// <param name="permutations">At least 1; the smallest p-value is 1 / (permutations + 1).</param>
    /// <param name="seed">Of the permutations.</param>
    public static DriftTest TotalVariation(double threshold = 0.1, int permutations = 1000, int seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(permutations, 1);
        return CategoriesByLimit("tvd", threshold, pair => PermutedVariation.Compare(pair.Counts, permutations, seed));
    }

    /// <summary>
    /// Categorical. Fisher's exact test, two-sided: over all tables of the same totals with two categories, over seeded random
    /// ones with more. The statistic is Cramér's V; the effect size, with two categories, the logarithm of the odds ratio with
    /// Woolf's 95 % interval, positive when the current rows have more of the category that is later in the alphabet.
    /// </summary>
    /// <param name="level">Drift when the adjusted p-value is at or below it; in (0, 1).</param>
    /// <param name="draws">Random tables with more than two categories; the smallest p-value is 1 / (draws + 1).</param>
    /// <param name="seed">Of the random tables.</param>
    public static DriftTest FisherExact(double level = 0.05, int draws = 10_000, int seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        return CategoriesByLevel("fisher", level, pair => Categorical.FisherExact.Compare(pair.Counts, draws, seed));
    }

    /// <summary>
    /// Categorical. Test of two proportions, two-sided, of the reference's most frequent category (the first of equals) against all others. The effect size
    /// is the difference of its shares, with Newcombe's 95 % interval.
    /// </summary>
    /// <param name="level">Drift when the adjusted p-value is at or below it; in (0, 1).</param>
    public static DriftTest TwoProportions(double level = 0.05) => CategoriesByLevel("z", level, Categorical.TwoProportions.OfLargest);

    /// <summary>
    /// Categorical. Cramér's V of the two-by-k table, √(χ² / N), in [0, 1], with the p-value of <see cref="ChiSquared"/>. Cohen
    /// calls 0.1 small (w, 1988).
    /// </summary>
    /// <param name="threshold">Drift at or above it; positive.</param>
    public static DriftTest CramersV(double threshold = 0.1) => CategoriesByLimit("cramers-v", threshold, pair => ContingencyTable.CramersV(pair.Counts));

    private static DriftTest CategoriesByLevel(string name, double level, Func<CategoryPair, DriftMeasure> categories) => Level(new()
    {
        Name = name,
        Threshold = level,
        Direction = DriftDirection.PValueAtOrBelow,
        Categories = categories,
    });

    private static DriftTest CategoriesByLimit(string name, double threshold, Func<CategoryPair, DriftMeasure> categories) => Limit(new()
    {
        Name = name,
        Threshold = threshold,
        Direction = DriftDirection.StatisticAtOrAbove,
        Categories = categories,
    });
}
