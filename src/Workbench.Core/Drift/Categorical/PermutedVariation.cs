namespace Workbench.Drift.Categorical;

/// <summary>Total variation with a permutation test.</summary>
internal static class PermutedVariation
{
    /// <summary>
    /// ½ Σ |q - p| and the share of tables that vary as much, the observed one counted among them, so that no p-value is 0
    /// (Davison and Hinkley, Bootstrap Methods, 1997, eq. 4.11).
    /// </summary>
    public static DriftMeasure Compare(ShareTable table, int permutations, int seed) =>
        new(Divergence.TotalVariation(table), (1.0 + CountAsLarge(table, permutations, seed)) / (permutations + 1.0));

    /// <summary>Tables, of so many drawn, whose variation is at least the observed one.</summary>
    public static int CountAsLarge(ShareTable table, int permutations, int seed)
    {
        var (reference, both) = Gather(table);
        Int128 observed = Gap(reference, both, table.ReferenceTotal, table.CurrentTotal);
        var draws = new TableDraws(both, table.ReferenceTotal, seed);
        int count = 0;
        for (int i = 0; i < permutations; i++)
            count += Gap(draws.Next(), both, table.ReferenceTotal, table.CurrentTotal) >= observed ? 1 : 0;
        return count;
    }

    // Categories of a single row differ by n or m, whichever side has the row: all of them are one cell, the last.
    private static (long[] Reference, long[] Both) Gather(ShareTable table)
    {
        var reference = new List<long>();
        var both = new List<long>();
        long single = 0, singles = 0;
        for (int cell = 0; cell < table.Reference.Length; cell++)
        {
            long rows = table.Reference[cell] + table.Current[cell];
            if (rows == 1)
            {
                single += table.Reference[cell];
                singles++;
                continue;
            }
            reference.Add(table.Reference[cell]);
            both.Add(rows);
        }
        return ([.. reference, single], [.. both, singles]);
    }

    // Σ |r/n - c/m| times n m: whole numbers, in which equal tables are equal.
    private static Int128 Gap(ReadOnlySpan<long> reference, long[] both, long n, long m)
    {
        int last = both.Length - 1;
        Int128 sum = (Int128)reference[last] * m + (Int128)(both[last] - reference[last]) * n;
        for (int cell = 0; cell < last; cell++)
            sum += Int128.Abs((Int128)reference[cell] * m - (Int128)(both[cell] - reference[cell]) * n);
        return sum;
    }
}
