using MathNet.Numerics;

namespace Workbench.Drift.Categorical;

/// <summary>Pearson's test of a two-by-k table.</summary>
internal static class ContingencyTable
{
    /// <summary>χ² = Σ (observed - expected)² / expected over both sides, without continuity correction.</summary>
    public static DriftMeasure ChiSquared(ShareTable table)
    {
        double total = table.ReferenceTotal + (double)table.CurrentTotal;
        double sum = 0;
        int cells = 0, thin = 0;
        for (int cell = 0; cell < table.Reference.Length; cell++)
        {
            double both = table.Reference[cell] + (double)table.Current[cell];
            if (both == 0)
                continue;
            cells++;
            double expectedReference = both * table.ReferenceTotal / total;
            double expectedCurrent = both * table.CurrentTotal / total;
            sum += Square(table.Reference[cell] - expectedReference) / expectedReference + Square(table.Current[cell] - expectedCurrent) / expectedCurrent;
            thin += Math.Min(expectedReference, expectedCurrent) < 5 ? 1 : 0;
        }
        double pValue = cells < 2 ? 1 : SpecialFunctions.GammaUpperRegularized((cells - 1) / 2.0, sum / 2);
        return new(sum, pValue, Math.Sqrt(sum / total), Note(thin, cells));
    }

    // Cochran's rule of thumb (Biometrics 10, 1954): the approximation holds while few expected counts are below 5.
    private static string? Note(int thin, int cells) =>
        thin * 5 > cells ? $"{thin} of {cells} categories expect fewer than 5 rows on one side; the p-value is rough." : null;

    private static double Square(double x) => x * x;
}
