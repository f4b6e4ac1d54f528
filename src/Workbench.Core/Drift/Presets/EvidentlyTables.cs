using MathNet.Numerics;
using Workbench.Drift.Categorical;

namespace Workbench.Drift.Presets;

/// <summary>Evidently's tests of counted values.</summary>
internal static class EvidentlyTables
{
    private const int Permutations = 1000;

    /// <summary>χ² one way: the reference, scaled to the current rows, is taken for the truth. A value that it lacks gives p = 0 at any number of rows.</summary>
    public static DriftMeasure ChiSquared(ShareTable table) => OneWay(table, (observed, expected) => (observed - expected) * (observed - expected) / expected);

    /// <summary>G one way, with the same trap.</summary>
    public static DriftMeasure LikelihoodRatio(ShareTable table)
    {
        var measure = OneWay(table, (observed, expected) => observed == 0 ? 0 : 2 * observed * Math.Log(observed / expected));
        return table.ReferenceTotal == table.CurrentTotal ? measure : measure with { Note = "Evidently stops with an error on sides of different size; the reference was scaled." };
    }

    /// <summary>The first value in order against all others.</summary>
    public static DriftMeasure TwoProportions(ShareTable table) => table.Reference.Length == 1
        ? new(0, 1, 0)
        : Categorical.TwoProportions.Compare(table.ReferenceTotal - table.Reference[0], table.ReferenceTotal, table.CurrentTotal - table.Current[0], table.CurrentTotal);

    /// <summary>The p-value is the plain share of permutations and so can be 0. Their random numbers are ours, not numpy's.</summary>
    public static DriftMeasure TotalVariation(ShareTable table) =>
        new(Divergence.TotalVariation(table), (double)PermutedVariation.CountAsLarge(table, Permutations, 0) / Permutations);

    /// <summary>Two values on sides of equal size only.</summary>
    public static DriftMeasure Fisher(ShareTable table)
    {
        if (table.Reference.Length > 2)
            return DriftMeasure.Untestable("Evidently stops with an error on more than two values.");
        var measure = FisherExact.Compare(table, 1, 0);
        return table.ReferenceTotal == table.CurrentTotal ? measure : measure with { Note = "Evidently stops with an error on sides of different size." };
    }

    private static DriftMeasure OneWay(ShareTable table, Func<double, double, double> term)
    {
        double scale = (double)table.CurrentTotal / table.ReferenceTotal, sum = 0;
        for (int cell = 0; cell < table.Reference.Length; cell++)
        {
            if (table.Reference[cell] == 0)
                return new(double.MaxValue, 0, ContingencyTable.V(table), "A value that the reference lacks makes the statistic infinite.");
            sum += term(table.Current[cell], table.Reference[cell] * scale);
        }
        return table.Reference.Length < 2
            ? DriftMeasure.Untestable("There is one value only.")
            : new(sum, SpecialFunctions.GammaUpperRegularized((table.Reference.Length - 1) / 2.0, sum / 2), ContingencyTable.V(table));
    }
}
