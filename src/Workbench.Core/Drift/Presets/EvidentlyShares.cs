using Workbench.Drift.Numeric;

namespace Workbench.Drift.Presets;

/// <summary>Shares of both sides as Evidently takes them, and what it computes from them (legacy/calculations/stattests/utils.py).</summary>
internal static class EvidentlyShares
{
    // Up to so many distinct reference values each value is a cell; its n_bins is not used.
    private const int ValueCells = 20;

    /// <summary>Numbers: each distinct value, or bins by Sturges' rule over both sides.</summary>
    public static ShareTable Cells(MergedValues merged)
    {
        if (merged.Reference.Where(rows => rows > 0).Take(ValueCells + 1).Count() <= ValueCells)
            return new(merged.Reference, merged.Current);
        double low = merged.Values[0], high = merged.Values[^1];
        double[] edges = EqualBins.Edges(low, high, EqualBins.Sturges(high - low, merged.ReferenceCount + (double)merged.CurrentCount));
        return new(EqualBins.Count(merged.ReferenceSide, edges), EqualBins.Count(merged.CurrentSide, edges));
    }

    public static double PopulationStability(ShareTable table)
    {
        var (p, q) = Filled(table);
        return p.Zip(q, (a, b) => (a - b) * Math.Log(a / b)).Sum();
    }

    /// <summary>Of shares that are brought to a sum of 1 after zeros were filled (scipy's entropy).</summary>
    public static double KullbackLeibler(ShareTable table)
    {
        var (p, q) = Filled(table);
        double sumP = p.Sum(), sumQ = q.Sum();
        return p.Zip(q, (a, b) => a / sumP * Math.Log(a / sumP / (b / sumQ))).Sum();
    }

    /// <summary>In nats; zeros stay zeros.</summary>
    public static double JensenShannon(ShareTable table) => Divergence.JensenShannon(table) * Math.Sqrt(Math.Log(2));

    /// <summary>√(1 - Σ √(p q)).</summary>
    public static double Hellinger(ShareTable table)
    {
        double sum = 0;
        for (int cell = 0; cell < table.Reference.Length; cell++)
            sum += Math.Sqrt(table.ReferenceShare(cell) * table.CurrentShare(cell));
        return Math.Sqrt(1 - Math.Min(1, sum));
    }

    /// <summary>Hellinger's bins are by Sturges' rule over the distinct values, not over the rows.</summary>
    public static double Hellinger(MergedValues merged)
    {
        double low = merged.Values[0], high = merged.Values[^1];
        double[] edges = EqualBins.Edges(low, high, EqualBins.Sturges(high - low, merged.Distinct));
        return Hellinger(new ShareTable(EqualBins.Count(merged.ReferenceSide, edges), EqualBins.Count(merged.CurrentSide, edges)));
    }

    private static (double[] Reference, double[] Current) Filled(ShareTable table) => (
        Fill(table.Reference.Select(rows => (double)rows / table.ReferenceTotal).ToArray()),
        Fill(table.Current.Select(rows => (double)rows / table.CurrentTotal).ToArray()));

    // An empty cell counts as a ten-thousandth, or as a millionth of the smallest share where that is as small itself.
    private static double[] Fill(double[] shares)
    {
        double smallest = shares.Where(share => share != 0).Min(), fill = smallest <= 0.0001 ? smallest / 1e6 : 0.0001;
        return shares.Select(share => share == 0 ? fill : share).ToArray();
    }
}
