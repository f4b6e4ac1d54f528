namespace Workbench.Evaluation.Estimation;

/// <summary>Sampling errors of metrics from labelled reference rows, after NannyML: standard errors of means, or resampling where a metric is none.</summary>
internal static class SamplingErrors
{
    private const int Experiments = 50, MostRows = 50_000;

    /// <summary>Of a share of <paramref name="relevant"/> rows among <paramref name="rows"/>; null when none is relevant.</summary>
    public static SamplingError? Share(double hits, double relevant, double rows)
    {
        if (relevant <= 0)
            return null;
        double share = hits / relevant;
        return new(Math.Max(0, share * (1 - share)) * rows / relevant);
    }

    /// <summary>
    /// Of the area under the ROC curve of a class: the mean over its rows of the share of other rows that rank below, ties
    /// counting half. Taken over the rarer side.
    /// </summary>
    public static SamplingError? Area(ExpectedRows rows, int c)
    {
        int n = rows.Rows;
        double[] scores = [.. Enumerable.Range(0, n).Select(row => rows.Score(row, c))];
        bool[] positive = [.. Enumerable.Range(0, n).Select(row => rows.Truth(row, c) == 1)];
        if (2 * positive.Count(one => one) > n)
            (scores, positive) = ([.. scores.Select(score => 1 - score)], [.. positive.Select(one => !one)]);
        Array.Sort(scores, positive);
        double positives = positive.Count(one => one), negatives = n - positives;
        if (positives == 0)
            return null;
        double below = 0, sum = 0, squares = 0;
        for (int start = 0, end; start < n; start = end)
        {
            int hits = 0;
            for (end = start; end < n && scores[end] == scores[start]; end++)
                hits += positive[end] ? 1 : 0;
            int others = end - start - hits;
            double share = (below + others / 2.0) / negatives;
            (sum, squares, below) = (sum + hits * share, squares + hits * share * share, below + others);
        }
        double mean = sum / positives;
        return new(Math.Max(0, squares / positives - mean * mean) * n / positives);
    }

    /// <summary>Of any metric: its variance over resamples of half the rows, times their number.</summary>
    public static SamplingError? Resampled(ExpectedRows rows, int c, Func<ClassCounts, double?> metric, int seed)
    {
        int draws = Math.Min(rows.Rows / 2, MostRows);
        if (draws == 0)
            return null;
        var ranked = rows.Labelled(c);
        var random = new Random(seed);
        var values = new List<double>();
        var times = new double[rows.Rows];
        for (int experiment = 0; experiment < Experiments; experiment++)
        {
            Array.Clear(times);
            for (int draw = 0; draw < draws; draw++)
                times[random.Next(times.Length)]++;
            if (metric(ranked.CountRows(times)) is { } value)
                values.Add(value);
        }
        return values.Count < 2 ? null : new(Variance(values.Count, i => values[i]) * draws);
    }

    /// <summary>Divisor n; 0 without values.</summary>
    public static double Variance(int count, Func<int, double> value)
    {
        if (count == 0)
            return 0;
        double mean = Enumerable.Range(0, count).Average(value);
        return Enumerable.Range(0, count).Average(i => RowValues.Square(value(i) - mean));
    }
}
