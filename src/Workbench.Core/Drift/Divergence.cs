namespace Workbench.Drift;

/// <summary>Distances of two discrete distributions; both sides have at least one row.</summary>
internal static class Divergence
{
    // No side can tell a share from 0 that is below half a row of the smaller side; and a row among millions shall weigh no
    // more than one among ten thousand.
    private const double SmallestShare = 1e-4;

    /// <summary>Σ (q - p) ln(q / p), both shares at least the smallest one that can be told from 0.</summary>
    public static double PopulationStability(ShareTable table)
    {
        double smallest = Smallest(table);
        double sum = 0;
        for (int cell = 0; cell < table.Reference.Length; cell++)
        {
            double p = Math.Max(smallest, table.ReferenceShare(cell));
            double q = Math.Max(smallest, table.CurrentShare(cell));
            sum += (q - p) * Math.Log(q / p);
        }
        return sum;
    }

    /// <summary>Σ p ln(p / q) - p + q, in nats, with the same smallest share; the last terms add up to 0 without it, and keep the sum from falling below 0 with it.</summary>
    public static double KullbackLeibler(ShareTable table)
    {
        double smallest = Smallest(table);
        double sum = 0;
        for (int cell = 0; cell < table.Reference.Length; cell++)
        {
            double p = Math.Max(smallest, table.ReferenceShare(cell));
            double q = Math.Max(smallest, table.CurrentShare(cell));
            sum += p * Math.Log(p / q) - p + q;
        }
        return Math.Max(0, sum);
    }

    /// <summary>√(½ Σ (√p - √q)²), in [0, 1].</summary>
    public static double Hellinger(ShareTable table)
    {
        double sum = 0;
        for (int cell = 0; cell < table.Reference.Length; cell++)
        {
            double gap = Math.Sqrt(table.ReferenceShare(cell)) - Math.Sqrt(table.CurrentShare(cell));
            sum += gap * gap;
        }
        return Math.Sqrt(Math.Min(1, sum / 2));
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

    /// <summary>½ Σ |q - p|: the share of rows that would have to change; in [0, 1].</summary>
    public static double TotalVariation(ShareTable table) =>
        Enumerable.Range(0, table.Reference.Length).Sum(cell => Math.Abs(table.CurrentShare(cell) - table.ReferenceShare(cell))) / 2;

    /// <summary>max |q - p|.</summary>
    public static double LInfinity(ShareTable table)
    {
        double largest = 0;
        for (int cell = 0; cell < table.Reference.Length; cell++)
            largest = Math.Max(largest, Math.Abs(table.CurrentShare(cell) - table.ReferenceShare(cell)));
        return largest;
    }

    /// <summary>The smallest share that can be told from 0.</summary>
    public static double Smallest(ShareTable table) => Math.Max(SmallestShare, 0.5 / Math.Min(table.ReferenceTotal, table.CurrentTotal));
}
