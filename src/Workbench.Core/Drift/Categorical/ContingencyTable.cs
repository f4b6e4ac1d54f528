using MathNet.Numerics;

namespace Workbench.Drift.Categorical;

/// <summary>Tests of a two-by-k table, both sides being samples. The effect size is Cramér's V, √(χ² / N), in [0, 1].</summary>
internal static class ContingencyTable
{
    /// <summary>χ² = Σ (observed - expected)² / expected over both sides, without continuity correction.</summary>
    public static DriftMeasure ChiSquared(ShareTable table) => Measure(table, Pearson(table, 0));

    /// <summary>The same with Yates's correction where there is one degree of freedom: each cell comes up to half a row nearer to what is expected.</summary>
    public static DriftMeasure ChiSquaredWithYates(ShareTable table) => Measure(table, Pearson(table, Cells(table) == 2 ? 0.5 : 0));

    /// <summary>G = 2 Σ observed ln(observed / expected): the likelihood ratio (Wilks 1935, Ann. Math. Statist. 6, 190-196).</summary>
    public static DriftMeasure LikelihoodRatio(ShareTable table)
    {
        double sum = 0;
        for (int cell = 0; cell < table.Reference.Length; cell++)
        {
            var (reference, current) = Expected(table, cell);
            sum += Term(table.Reference[cell], reference) + Term(table.Current[cell], current);
        }
        return Measure(table, Math.Max(0, 2 * sum));
    }

    /// <summary>Cramér's V as the statistic, with the p-value of χ².</summary>
    public static DriftMeasure CramersV(ShareTable table)
    {
        var measure = ChiSquared(table);
        return measure with { Statistic = measure.EffectSize!.Value, EffectSize = null }; // ChiSquared always has one
    }

    /// <summary>√(χ² / N).</summary>
    public static double V(ShareTable table) => Math.Sqrt(Pearson(table, 0) / (table.ReferenceTotal + (double)table.CurrentTotal));

    private static DriftMeasure Measure(ShareTable table, double statistic)
    {
        int cells = Cells(table);
        double pValue = cells < 2 ? 1 : SpecialFunctions.GammaUpperRegularized((cells - 1) / 2.0, statistic / 2);
        return new(statistic, pValue, V(table), Note(table, cells));
    }

    private static double Pearson(ShareTable table, double continuity)
    {
        double sum = 0;
        for (int cell = 0; cell < table.Reference.Length; cell++)
        {
            var (reference, current) = Expected(table, cell);
            if (reference == 0)
                continue;
            double gap = Math.Abs(table.Reference[cell] - reference);
            gap -= Math.Min(gap, continuity);
            sum += gap * gap / reference + gap * gap / current;
        }
        return sum;
    }

    private static double Term(long observed, double expected) => observed == 0 ? 0 : observed * Math.Log(observed / expected);

    private static (double Reference, double Current) Expected(ShareTable table, int cell)
    {
        double total = table.ReferenceTotal + (double)table.CurrentTotal, both = table.Reference[cell] + (double)table.Current[cell];
        return (both * table.ReferenceTotal / total, both * table.CurrentTotal / total);
    }

    private static int Cells(ShareTable table) => Enumerable.Range(0, table.Reference.Length).Count(cell => table.Reference[cell] + table.Current[cell] > 0);

    // Cochran's rule of thumb (Biometrics 10, 1954): the approximation holds while few expected counts are below 5.
    private static string? Note(ShareTable table, int cells)
    {
        int thin = Enumerable.Range(0, table.Reference.Length).Count(cell => Expected(table, cell) is var (reference, current) && reference > 0 && Math.Min(reference, current) < 5);
        return thin * 5 > cells ? $"{thin} of {cells} categories expect fewer than 5 rows on one side; the p-value is rough." : null;
    }
}
