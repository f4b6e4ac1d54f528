namespace Workbench.Evaluation;

/// <summary>Resampling of rows with replacement (Efron 1979).</summary>
internal static class Bootstrap
{
    /// <summary>Fewer resamples say nothing about a 95 % interval.</summary>
    public const int MinimumSamples = 20;

    /// <summary>For each resample, how often each row was drawn. The array is reused: read it before the next.</summary>
    public static IEnumerable<double[]> RowCounts(int rows, int samples, int seed)
    {
        var random = new Random(seed);
        var times = new double[rows];
        for (int sample = 0; sample < samples; sample++)
        {
            Array.Clear(times);
            for (int draw = 0; draw < rows; draw++)
                times[random.Next(rows)]++;
            yield return times;
        }
    }

    /// <summary>Each row once.</summary>
    public static double[] Once(int rows)
    {
        var once = new double[rows];
        Array.Fill(once, 1);
        return once;
    }

    /// <summary>The 2.5 % and 97.5 % percentiles, linear between order statistics (numpy's default, type 7 of Hyndman and Fan 1996).</summary>
    public static (double Lower, double Upper) Interval(double[] values)
    {
        Array.Sort(values);
        return (Percentile(values, 0.025), Percentile(values, 0.975));
    }

    private static double Percentile(double[] sorted, double share)
    {
        double position = share * (sorted.Length - 1);
        int below = (int)position;
        return below + 1 < sorted.Length ? sorted[below] + (position - below) * (sorted[below + 1] - sorted[below]) : sorted[below];
    }
}
