namespace Workbench.Evaluation;

/// <summary>
/// Expected calibration error over 15 bins of equal width (Guo et al. 2017): the mean distance of what was promised and
/// what came true, weighted by rows. For two classes the promise is the probability of class 1 and what comes true the
/// share of class 1 (Naeini et al. 2015), for several the probability of the predicted class and whether it was right.
/// </summary>
internal sealed class CalibrationBins
{
    public const int Count = 15;

    private readonly double[] _promised = new double[Count];
    private readonly double[] _true = new double[Count];
    private double _weight;

    /// <summary>0 is best, 1 is worst; null without rows.</summary>
    public double? Error => _weight > 0 ? _promised.Zip(_true, (promised, came) => Math.Abs(promised - came)).Sum() / _weight : null;

    public void Add(double promised, bool came, double weight)
    {
        int bin = Math.Min(Count - 1, (int)(promised * Count));
        _promised[bin] += weight * promised;
        _true[bin] += came ? weight : 0;
        _weight += weight;
    }

    public void Merge(CalibrationBins other)
    {
        for (int bin = 0; bin < Count; bin++)
        {
            _promised[bin] += other._promised[bin];
            _true[bin] += other._true[bin];
        }
        _weight += other._weight;
    }
}
