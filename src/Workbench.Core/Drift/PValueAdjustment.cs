namespace Workbench.Drift;

/// <summary>Adjusted p-values.</summary>
internal static class PValueAdjustment
{
    /// <summary>The adjusted value of each of the m <paramref name="pValues"/>, in their order; compare it with the level as it is.</summary>
    public static double[] Adjust(IReadOnlyList<double> pValues, PValueCorrection correction) => correction switch
    {
        PValueCorrection.None => [.. pValues],
        PValueCorrection.Bonferroni => pValues.Select(p => Math.Min(1, p * pValues.Count)).ToArray(),
        PValueCorrection.BenjaminiHochberg => BenjaminiHochberg(pValues),
        _ => throw new ArgumentOutOfRangeException(nameof(correction), correction, $"Known: {string.Join(", ", Enum.GetNames<PValueCorrection>())}."),
    };

    // Step-up: the adjusted value at rank r is the smallest p(s) · m / s over all ranks s ≥ r.
    private static double[] BenjaminiHochberg(IReadOnlyList<double> pValues)
    {
        int m = pValues.Count;
        var adjusted = new double[m];
        double smallest = 1;
        int rank = m;
        int[] order = [.. Enumerable.Range(0, m)];
        Array.Sort(order, (i, j) => pValues[j].CompareTo(pValues[i]));
        foreach (int i in order)
        {
            smallest = Math.Min(smallest, pValues[i] * ((double)m / rank)); // the factor first: no value falls below p
            adjusted[i] = smallest;
            rank--;
        }
        return adjusted;
    }
}
