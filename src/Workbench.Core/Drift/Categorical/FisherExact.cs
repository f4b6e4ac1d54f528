namespace Workbench.Drift.Categorical;

/// <summary>
/// Fisher's test: the chance of a table at most as likely as the observed one among all that have its totals. With two
/// categories over all tables; with more over seeded random ones. The statistic is Cramér's V. The effect size is, with two
/// categories, the logarithm of the odds ratio, positive when the current rows have more of the second one, with Woolf's
/// interval (1955, Ann. Hum. Genet. 19, 251-253; half a row more in each cell when one is empty: Haldane 1956); with more, none.
/// </summary>
internal static class FisherExact
{
    // Tables as likely as the observed one must count in spite of rounding; R's fisher.test has the same slack.
    private const double Slack = 1e-7;

    // With thousands of categories fewer tables are drawn, so that a column takes seconds at most.
    private const long MostCells = 20_000_000, FewestDraws = 1000;

    public static DriftMeasure Compare(ShareTable table, int draws, int seed)
    {
        int[] used = Enumerable.Range(0, table.Reference.Length).Where(cell => table.Reference[cell] + table.Current[cell] > 0).ToArray();
        var compact = new ShareTable(used.Select(cell => table.Reference[cell]).ToArray(), used.Select(cell => table.Current[cell]).ToArray());
        return used.Length switch
        {
            1 => new(0, 1, null, "There is one category only."),
            2 => TwoByTwo(compact),
            _ => ByDraws(compact, draws, seed),
        };
    }

    private static DriftMeasure TwoByTwo(ShareTable table)
    {
        double pad = table.Reference.Concat(table.Current).Contains(0) ? 0.5 : 0;
        double a = table.Reference[0] + pad, b = table.Reference[1] + pad, c = table.Current[0] + pad, d = table.Current[1] + pad;
        double odds = Math.Log(a / b) - Math.Log(c / d), width = Numeric.NormalDistribution.Z95 * Math.Sqrt(1 / a + 1 / b + 1 / c + 1 / d);
        return new(ContingencyTable.V(table), PValue(table), odds) { Confidence = (odds - width, odds + width) };
    }

    /// <summary>Two-sided, over all tables with these totals.</summary>
    public static double PValue(ShareTable table)
    {
        var distribution = new Hypergeometric(table.ReferenceTotal + table.CurrentTotal, table.Reference[0] + table.Current[0], table.ReferenceTotal);
        // Chances relative to that of the mode need no factorials.
        double observed = Relative(distribution, table.Reference[0]) * (1 + Slack), all = 1, extreme = observed >= 1 ? 1 : 0;
        double chance = 1;
        for (long k = distribution.Mode; k < distribution.Largest && chance > 0; k++)
            Count(chance *= distribution.Up(k));
        chance = 1;
        for (long k = distribution.Mode - 1; k >= distribution.Smallest && chance > 0; k--)
            Count(chance /= distribution.Up(k));
        return Math.Min(1, extreme / all);

        void Count(double one)
        {
            all += one;
            extreme += one <= observed ? one : 0;
        }
    }

    private static double Relative(Hypergeometric distribution, long k)
    {
        double chance = 1;
        for (long i = distribution.Mode; i < k; i++)
            chance *= distribution.Up(i);
        for (long i = distribution.Mode - 1; i >= k; i--)
            chance /= distribution.Up(i);
        return chance;
    }

    private static DriftMeasure ByDraws(ShareTable table, int draws, int seed)
    {
        var both = table.Reference.Zip(table.Current, (a, b) => a + b).ToArray();
        double observed = LogChance(table.Reference, both) + Slack;
        var tables = new TableDraws(both, table.ReferenceTotal, seed);
        draws = (int)Math.Min(draws, Math.Max(FewestDraws, MostCells / both.Length));
        int extreme = 0;
        for (int i = 0; i < draws; i++)
            extreme += LogChance(tables.Next(), both) <= observed ? 1 : 0;
        return new(ContingencyTable.V(table), (1.0 + extreme) / (1.0 + draws), null, $"The p-value comes from {draws:N0} random tables.");
    }

    // Less ln C(N, n), which all tables share.
    private static double LogChance(ReadOnlySpan<long> reference, long[] both)
    {
        double sum = 0;
        for (int cell = 0; cell < both.Length; cell++)
            sum += Hypergeometric.LogChoose(both[cell], reference[cell]);
        return sum;
    }
}
