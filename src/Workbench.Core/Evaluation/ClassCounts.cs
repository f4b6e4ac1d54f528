namespace Workbench.Evaluation;

/// <summary>
/// What threshold and ranking metrics need to know of a set of weighted rows; the formulas are those of the report. A
/// concordant pair is a positive ranked above a negative; ties count half. The sum of precisions has one a positive, at
/// the threshold of its own probability.
/// </summary>
internal readonly record struct ClassCounts(
    double TruePositives, double FalsePositives, double TrueNegatives, double FalseNegatives, double ConcordantPairs, double SumOfPrecisions)
{
    public double Positives => TruePositives + FalseNegatives;

    public double Negatives => FalsePositives + TrueNegatives;

    public double? Accuracy => Ratio(TruePositives + TrueNegatives, Positives + Negatives);

    public double? BalancedAccuracy => (Recall, Ratio(TrueNegatives, Negatives)) switch
    {
        ({ } recall, { } specificity) => (recall + specificity) / 2,
        var (recall, specificity) => recall ?? specificity, // the classes that occur, as in scikit-learn
    };

    public double? Precision => Ratio(TruePositives, TruePositives + FalsePositives);

    public double? Recall => Ratio(TruePositives, Positives);

    public double? F1 => Ratio(2 * TruePositives, 2 * TruePositives + FalsePositives + FalseNegatives);

    public double? RocAuc => Ratio(ConcordantPairs, Positives * Negatives);

    public double? AveragePrecision => Ratio(SumOfPrecisions, Positives);

    public double? MatthewsCorrelation
    {
        get
        {
            double product = (TruePositives + FalsePositives) * Positives * Negatives * (TrueNegatives + FalseNegatives);
            if (Positives + Negatives <= 0)
                return null;
            return product > 0 ? (TruePositives * TrueNegatives - FalsePositives * FalseNegatives) / Math.Sqrt(product) : 0;
        }
    }

    private static double? Ratio(double part, double whole) => whole > 0 ? part / whole : null;
}
