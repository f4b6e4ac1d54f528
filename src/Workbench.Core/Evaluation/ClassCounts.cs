namespace Workbench.Evaluation;

/// <summary>
/// What threshold and ranking metrics need to know of a set of rows; the formulas are those of the report. A concordant
/// pair is a positive ranked above a negative; ties count half.
/// </summary>
internal readonly record struct ClassCounts(long TruePositives, long FalsePositives, long TrueNegatives, long FalseNegatives, double ConcordantPairs)
{
    public long Positives => TruePositives + FalseNegatives;

    public long Negatives => FalsePositives + TrueNegatives;

    public double? Accuracy => Ratio(TruePositives + TrueNegatives, Positives + Negatives);

    public double? Precision => Ratio(TruePositives, TruePositives + FalsePositives);

    public double? Recall => Ratio(TruePositives, Positives);

    public double? F1 => Ratio(2 * TruePositives, 2 * TruePositives + FalsePositives + FalseNegatives);

    public double? RocAuc => Ratio(ConcordantPairs, (double)Positives * Negatives);

    private static double? Ratio(double part, double whole) => whole > 0 ? part / whole : null;
}
