using MathNet.Numerics;
using Workbench.Data.Samples;

namespace Workbench.Training.Tuning;

/// <summary>
/// A density over one axis made of the points seen there (Bergstra 2011, section 4). Of a number: a Gaussian at each point, cut off
/// at the bounds, as wide as the gap to its farther neighbour, and one over the whole range as prior. Of a category: its count plus one.
/// </summary>
internal sealed class ParzenEstimator
{
    private readonly SearchAxis _axis;
    private readonly double[] _shares; // of the categories
    private readonly (double Mean, double Deviation, double Mass)[] _kernels;

    private ParzenEstimator(SearchAxis axis, double[] shares, (double, double, double)[] kernels) => (_axis, _shares, _kernels) = (axis, shares, kernels);

    public static ParzenEstimator Of(SearchAxis axis, IReadOnlyList<double> points)
    {
        if (!axis.IsCategorical)
            return new(axis, [], Kernels(axis, points));
        var counts = new double[axis.Choices];
        Array.Fill(counts, 1);
        foreach (double point in points)
            counts[(int)point]++;
        return new(axis, [.. counts.Select(count => count / (points.Count + axis.Choices))], []);
    }

    /// <summary>A point by this density.</summary>
    public double Draw(SampleRandom random)
    {
        if (_axis.IsCategorical)
            return random.Pick([.. _shares.Select((share, i) => (i, share))]);
        var (mean, deviation, _) = _kernels[random.Below(_kernels.Length)];
        while (true)
        {
            double point = random.Normal(mean, deviation);
            if (point >= _axis.Low && point <= _axis.High)
                return point;
        }
    }

    /// <summary>Logarithm of the density at a point; of the probability where values are discrete.</summary>
    public double LogDensity(double point)
    {
        if (_axis.IsCategorical)
            return Math.Log(_shares[(int)point]);
        var (from, to) = _axis.CellOf(point);
        double sum = 0;
        foreach (var (mean, deviation, mass) in _kernels)
            sum += (from < to ? Cumulative(to, mean, deviation) - Cumulative(from, mean, deviation)
                : Math.Exp(-0.5 * Math.Pow((point - mean) / deviation, 2)) / (deviation * Constants.Sqrt2Pi)) / mass;
        // Far from every kernel the prior still gives something; the floor only keeps rounding from giving -infinity.
        return Math.Log(Math.Max(sum / _kernels.Length, 1e-300));
    }

    private static (double Mean, double Deviation, double Mass)[] Kernels(SearchAxis axis, IReadOnlyList<double> points)
    {
        double range = axis.High - axis.Low, prior = (axis.Low + axis.High) / 2;
        double[] means = [.. points, prior];
        Array.Sort(means);
        double narrowest = range / Math.Min(100, 1 + means.Length);
        int priorAt = Array.IndexOf(means, prior);
        return [.. means.Select((mean, i) =>
        {
            double left = mean - (i > 0 ? means[i - 1] : axis.Low), right = (i < means.Length - 1 ? means[i + 1] : axis.High) - mean;
            double deviation = i == priorAt ? range : Math.Clamp(Math.Max(left, right), narrowest, range);
            return (mean, deviation, Cumulative(axis.High, mean, deviation) - Cumulative(axis.Low, mean, deviation));
        })];
    }

    private static double Cumulative(double point, double mean, double deviation) => 0.5 * SpecialFunctions.Erfc((mean - point) / (deviation * Constants.Sqrt2));
}
