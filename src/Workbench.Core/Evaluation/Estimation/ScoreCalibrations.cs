namespace Workbench.Evaluation.Estimation;

/// <summary>
/// Fits a calibration, and says whether scores are better with one. NannyML's rule: over ten random splits that keep the
/// classes' shares, a calibration learnt on nine tenths must lower the calibration error of the last tenths together
/// (ten bins of as many rows each).
/// </summary>
internal static class ScoreCalibrations
{
    private const int Splits = 10, Bins = 10;
    private const double TestShare = 0.1, NearlyPerfect = 0.999;

    public static IScoreCalibration? Fit(CalibrationMethod method, ReadOnlySpan<double> scores, ReadOnlySpan<bool> positive) => method switch
    {
        CalibrationMethod.Isotonic => IsotonicCalibration.Fit(scores, positive),
        CalibrationMethod.Platt => PlattCalibration.Fit(scores, positive),
        _ => null,
    };

    public static bool IsNeeded(CalibrationMethod method, double[] scores, bool[] positive, int seed)
    {
        int positives = positive.Count(one => one);
        if (method == CalibrationMethod.None || positives == 0 || positives == positive.Length)
            return false;
        if (new RankedRows(scores, positive, 0.5).Count(Bootstrap.Once(scores.Length)).RocAuc > NearlyPerfect)
            return false;
        var random = new Random(seed);
        List<double> before = [], after = [];
        List<bool> labels = [];
        for (int split = 0; split < Splits; split++)
        {
            var (train, test) = Split(positive, random);
            if (test.Length == 0)
                return false; // too few rows to tell
            var calibration = Fit(method, Array.ConvertAll(train, row => scores[row]), Array.ConvertAll(train, row => positive[row]))!; // the method is not None
            before.AddRange(test.Select(row => scores[row]));
            after.AddRange(test.Select(row => calibration.Apply(scores[row])));
            labels.AddRange(test.Select(row => positive[row]));
        }
        return Error(before, labels) > Error(after, labels);
    }

    /// <summary>Mean distance of the promised and the observed share over bins of as many rows, weighted by rows.</summary>
    public static double Error(IReadOnlyList<double> scores, IReadOnlyList<bool> positive)
    {
        double[] sorted = [.. scores];
        bool[] labels = [.. positive];
        Array.Sort(sorted, labels);
        int bins = sorted.Length <= 2 * Bins ? Math.Max(1, sorted.Length / 2) : Bins;
        double sum = 0;
        for (int bin = 0; bin < bins; bin++)
        {
            double promised = 0, came = 0;
            for (int row = sorted.Length / bins * bin; row < (bin + 1 == bins ? sorted.Length : sorted.Length / bins * (bin + 1)); row++)
                (promised, came) = (promised + sorted[row], came + (labels[row] ? 1 : 0));
            sum += Math.Abs(promised - came);
        }
        return sum / sorted.Length;
    }

    private static (int[] Train, int[] Test) Split(bool[] positive, Random random)
    {
        List<int> train = [], test = [];
        foreach (bool side in new[] { false, true })
        {
            int[] rows = [.. Enumerable.Range(0, positive.Length).Where(row => positive[row] == side)];
            random.Shuffle(rows);
            int tested = (int)Math.Round(rows.Length * TestShare);
            test.AddRange(rows.Take(tested));
            train.AddRange(rows.Skip(tested));
        }
        return ([.. train], [.. test]);
    }
}
