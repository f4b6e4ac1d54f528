using MathNet.Numerics;

namespace Workbench.Drift.Multivariate;

/// <summary>Coefficients of dependence of two columns, and the chance of their changes.</summary>
internal static class Dependence
{
    // Variance of Fisher's z of a rank correlation, in 1 / (n - 3).
    public const double RankVariance = 1.06;

    /// <summary>[columns][columns] Spearman's correlation of each pair over the rows where both have a value, and those rows.</summary>
    public static (double? Correlation, long Rows)[,] Ranks(TableSample sample, int columns)
    {
        var values = Enumerable.Range(0, columns).Select(sample.Numbers).ToArray();
        int[][] orders = [.. values.Select(Order)];
        double[][] ranks = [.. values.Select((column, i) => MidRanks(column, orders[i], column))];
        var result = new (double?, long)[columns, columns];
        for (int i = 0; i < columns; i++)
            for (int j = i + 1; j < columns; j++)
            {
                // Only rows with both values are ranked; where the same rows miss, the ranks stand already.
                bool isSame = values[i].Zip(values[j], (x, y) => double.IsNaN(x) == double.IsNaN(y)).All(same => same);
                result[i, j] = result[j, i] = isSame
                    ? Pearson(ranks[i], ranks[j])
                    : Pearson(MidRanks(values[i], orders[i], values[j]), MidRanks(values[j], orders[j], values[i]));
            }
        return result;
    }

    /// <summary>Over rows where neither is NaN.</summary>
    public static (double? Correlation, long Rows) Pearson(double[] x, double[] y)
    {
        double meanX = 0, meanY = 0, xx = 0, yy = 0, xy = 0;
        long n = 0;
        for (int row = 0; row < x.Length; row++)
        {
            if (double.IsNaN(x[row]) || double.IsNaN(y[row]))
                continue;
            n++;
            double fromX = x[row] - meanX, fromY = y[row] - meanY;
            meanX += fromX / n;
            meanY += fromY / n;
            xx += fromX * (x[row] - meanX);
            yy += fromY * (y[row] - meanY);
            xy += fromX * (y[row] - meanY);
        }
        return (xx > 0 && yy > 0 ? Math.Clamp(xy / Math.Sqrt(xx * yy), -1, 1) : null, n);
    }

    /// <summary>Cramér's V of two categorical columns without its bias, over the rows where both have a value; null where one has a single category.</summary>
    public static (double? Value, long Rows) CramersV(string?[] x, string?[] y)
    {
        var cells = new Dictionary<(string, string), long>();
        Dictionary<string, long> ofX = new(StringComparer.Ordinal), ofY = new(StringComparer.Ordinal);
        double n = 0;
        for (int row = 0; row < x.Length; row++)
        {
            if (x[row] is not { } first || y[row] is not { } second)
                continue;
            cells[(first, second)] = cells.GetValueOrDefault((first, second)) + 1;
            ofX[first] = ofX.GetValueOrDefault(first) + 1;
            ofY[second] = ofY.GetValueOrDefault(second) + 1;
            n++;
        }
        if (ofX.Count < 2 || ofY.Count < 2)
            return (null, (long)n);
        // χ² / n = Σ o² / (row · column) - 1, over the cells that are not empty.
        double phi = cells.Sum(cell => (double)cell.Value * cell.Value / ofX[cell.Key.Item1] / ofY[cell.Key.Item2]) - 1;
        double r = ofX.Count, c = ofY.Count;
        double free = Math.Max(0, phi - (r - 1) * (c - 1) / (n - 1));
        double rows = r - (r - 1) * (r - 1) / (n - 1), columns = c - (c - 1) * (c - 1) / (n - 1);
        return (Math.Sqrt(Math.Clamp(free / Math.Max(1e-12, Math.Min(rows, columns) - 1), 0, 1)), (long)n);
    }

    /// <summary>Two-sided chance of a difference of two correlations (Fisher 1921, Metron 1, 3-32); 1 with fewer than four rows.</summary>
    /// <param name="first">One correlation.</param>
    /// <param name="firstRows">Rows behind it.</param>
    /// <param name="second">The other.</param>
    /// <param name="secondRows">Rows behind it.</param>
    /// <param name="variance">Of z, in 1 / (n - 3).</param>
    public static double PValue(double first, long firstRows, double second, long secondRows, double variance)
    {
        if (Math.Min(firstRows, secondRows) < 4)
            return 1;
        // A correlation of 1 has no finite z.
        static double Z(double r) => Math.Atanh(Math.Clamp(r, -1 + 1e-12, 1 - 1e-12));
        double z = Math.Abs(Z(first) - Z(second)) / Math.Sqrt(variance / (firstRows - 3) + variance / (secondRows - 3));
        return SpecialFunctions.Erfc(z / Math.Sqrt(2));
    }

    // Rows of finite values, ascending.
    private static int[] Order(double[] values)
    {
        int[] rows = [.. Enumerable.Range(0, values.Length).Where(row => !double.IsNaN(values[row]))];
        Array.Sort(rows.Select(row => values[row]).ToArray(), rows);
        return rows;
    }

    // Ranks among the rows where the other column has a value too; NaN elsewhere.
    private static double[] MidRanks(double[] values, int[] order, double[] other)
    {
        var ranks = new double[values.Length];
        Array.Fill(ranks, double.NaN);
        int[] rows = [.. order.Where(row => !double.IsNaN(other[row]))];
        for (int first = 0; first < rows.Length;)
        {
            int end = first + 1;
            while (end < rows.Length && values[rows[end]] == values[rows[first]])
                end++;
            for (int i = first; i < end; i++)
                ranks[rows[i]] = (first + end + 1) / 2.0;
            first = end;
        }
        return ranks;
    }
}
