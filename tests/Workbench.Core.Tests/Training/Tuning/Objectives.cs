using Workbench.Training.Tuning;

namespace Workbench.Core.Tests.Training.Tuning;

/// <summary>
/// Test functions with published optima (Surjanovic, Bingham: Virtual Library of Simulation Experiments,
/// https://www.sfu.ca/~ssurjano/branin.html and hart6.html).
/// </summary>
internal static class Objectives
{
    public const double BraninMinimum = 0.397887, HartmannMinimum = -3.32237;
    public static readonly double[] HartmannOptimum = [0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573];

    private static readonly double[] Alpha = [1.0, 1.2, 3.0, 3.2];
    private static readonly double[][] A = [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]];
    private static readonly double[][] P =
        [[1312, 1696, 5569, 124, 8283, 5886], [2329, 4135, 8307, 3736, 1004, 9991], [2348, 1451, 3522, 2883, 3047, 6650], [4047, 8828, 8732, 5743, 1091, 381]];

    public static SearchSpace BraninSpace { get; } = new(SearchParameter.Float("x", -5, 10), SearchParameter.Float("y", 0, 15));
    public static SearchSpace HartmannSpace { get; } = new([.. Enumerable.Range(1, 6).Select(i => SearchParameter.Float($"x{i}", 0, 1))]);

    public static double Branin(IReadOnlyList<double> x) =>
        Math.Pow(x[1] - 5.1 / (4 * Math.PI * Math.PI) * x[0] * x[0] + 5 / Math.PI * x[0] - 6, 2) + 10 * (1 - 1 / (8 * Math.PI)) * Math.Cos(x[0]) + 10;

    public static double Hartmann(IReadOnlyList<double> x) =>
        -Enumerable.Range(0, 4).Sum(i => Alpha[i] * Math.Exp(-Enumerable.Range(0, 6).Sum(j => A[i][j] * Math.Pow(x[j] - 1e-4 * P[i][j], 2))));

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[sorted.Count / 2] + sorted[(sorted.Count - 1) / 2]) / 2;
    }
}
