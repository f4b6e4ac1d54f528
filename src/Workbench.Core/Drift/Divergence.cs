namespace Workbench.Drift;

/// <summary>Distances of two discrete distributions; both sides have at least one row.</summary>
internal static class Divergence
{
    // A share of 0 would make the index infinite: it counts as half a row, and as no less than one row in ten thousand,
    // so that a single row among millions weighs no more than it did among thousands.
    private const double SmallestShare = 1e-4;

    /// <summary>Σ (q - p) ln(q / p); cells that are empty on both sides add nothing.</summary>
    public static double PopulationStability(ShareTable table)
    {
        double floorP = Math.Max(SmallestShare, 0.5 / table.ReferenceTotal);
        double floorQ = Math.Max(SmallestShare, 0.5 / table.CurrentTotal);
        double sum = 0;
        for (int cell = 0; cell < table.Reference.Length; cell++)
        {
            if (table.Reference[cell] == 0 && table.Current[cell] == 0)
                continue;
            double p = table.Reference[cell] == 0 ? floorP : table.ReferenceShare(cell);
            double q = table.Current[cell] == 0 ? floorQ : table.CurrentShare(cell);
            sum += (q - p) * Math.Log(q / p);
        }
        return sum;
    }

    /// <summary>√(½ KL(p‖m) + ½ KL(q‖m)) with m = (p + q) / 2 and logarithms of base 2, so in [0, 1].</summary>
    public static double JensenShannon(ShareTable table)
    {
        double sum = 0;
        for (int cell = 0; cell < table.Reference.Length; cell++)
        {
            double p = table.ReferenceShare(cell);
            double q = table.CurrentShare(cell);
            double m = (p + q) / 2;
            sum += p > 0 ? p * Math.Log2(p / m) : 0;
            sum += q > 0 ? q * Math.Log2(q / m) : 0;
        }
        // Rounding may leave a hair below 0 or above 1.
        return Math.Sqrt(Math.Clamp(sum / 2, 0, 1));
    }

    /// <summary>max |q - p|.</summary>
    public static double LInfinity(ShareTable table) =>
        Enumerable.Range(0, table.Reference.Length).Max(cell => Math.Abs(table.CurrentShare(cell) - table.ReferenceShare(cell)));
}
