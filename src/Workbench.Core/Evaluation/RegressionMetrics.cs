using Workbench.Data;

namespace Workbench.Evaluation;

/// <summary>Metrics of predicted numbers over rows that come batch by batch, in constant memory.</summary>
public sealed class RegressionMetrics : IStreamingMetrics<RegressionMetrics, RegressionScores>
{
    private readonly double _quantile;
    private Sums _sums;

    /// <summary>Metrics without rows.</summary>
    /// <param name="quantile">Of the pinball loss, in (0, 1); default 0.5, where it is half the mean absolute error.</param>
    public RegressionMetrics(double quantile = 0.5)
    {
        if (!(quantile > 0 && quantile < 1))
            throw new ArgumentOutOfRangeException(nameof(quantile), quantile, "A quantile lies between 0 and 1, both excluded.");
        _quantile = quantile;
    }

    /// <summary>Adds rows.</summary>
    /// <param name="predicted">[B], finite.</param>
    /// <param name="labels">[B], finite.</param>
    /// <param name="weights">[B] finite, not negative; empty: 1 each.</param>
    /// <exception cref="ArgumentException">The spans differ in length.</exception>
    /// <exception cref="DataException">A value is out of range; names the row. No row of the batch is taken then.</exception>
    public void Update(ReadOnlySpan<float> predicted, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights = default)
    {
        Scores.CheckLengths(predicted.Length, labels.Length, "predictions");
        Scores.CheckFinite("prediction", predicted);
        Scores.CheckFinite("label", labels);
        Scores.CheckWeights(weights, labels.Length);
        for (int row = 0; row < labels.Length; row++)
            _sums = _sums.Plus(Sums.Of(predicted[row], labels[row], weights.IsEmpty ? 1 : weights[row], _quantile));
    }

    /// <summary>Adds predicted intervals of rows, which may be other rows than those of <see cref="Update"/>.</summary>
    /// <param name="lower">[B] lower bounds.</param>
    /// <param name="upper">[B] upper bounds, not below the lower ones.</param>
    /// <param name="labels">[B], finite.</param>
    /// <exception cref="ArgumentException">The spans differ in length.</exception>
    /// <exception cref="DataException">A value is not finite, or an interval ends before it begins; names the row.</exception>
    public void UpdateIntervals(ReadOnlySpan<float> lower, ReadOnlySpan<float> upper, ReadOnlySpan<float> labels)
    {
        Scores.CheckLengths(lower.Length, labels.Length, "lower bounds");
        Scores.CheckLengths(upper.Length, labels.Length, "upper bounds");
        Scores.CheckFinite("lower bound", lower);
        Scores.CheckFinite("upper bound", upper);
        Scores.CheckFinite("label", labels);
        for (int row = 0; row < labels.Length; row++)
        {
            if (lower[row] > upper[row])
                throw new DataException(FormattableString.Invariant($"The interval of row {row + 1:N0} goes from {lower[row]} to {upper[row]}; the lower bound must not lie above the upper one. Sort crossing quantiles."));
        }
        for (int row = 0; row < labels.Length; row++)
        {
            _sums = _sums with
            {
                Intervals = _sums.Intervals + 1,
                Covered = _sums.Covered + (labels[row] >= lower[row] && labels[row] <= upper[row] ? 1 : 0),
                Width = _sums.Width + (double)upper[row] - lower[row],
            };
        }
    }

    /// <inheritdoc/>
    public void Reset() => _sums = default;

    /// <inheritdoc/>
    public void Merge(RegressionMetrics other)
    {
        if (other._quantile != _quantile)
            throw new ArgumentException($"Metrics of the quantile {other._quantile} cannot be merged into those of {_quantile}. Make both with the same quantile.", nameof(other));
        _sums = _sums.Plus(other._sums);
    }

    /// <inheritdoc/>
    public RegressionScores Compute() => new()
    {
        Rows = _sums.Rows, Mae = Mean(_sums.Absolute), Rmse = Mean(_sums.Squared) is { } squared ? Math.Sqrt(squared) : null,
        R2 = Determination(_sums.Rows, _sums.Squared, _sums.Spread), Mape = Mean(_sums.Percentage), Smape = Mean(_sums.Symmetric), Pinball = Mean(_sums.Pinball),
        Coverage = _sums.Intervals > 0 ? (double)_sums.Covered / _sums.Intervals : null,
        IntervalWidth = _sums.Intervals > 0 ? _sums.Width / _sums.Intervals : null,
    };

    /// <summary>R² from sums of squares. Equal labels leave nothing to explain: 1 when they were met, else 0, as scikit-learn has it.</summary>
    internal static double? Determination(long rows, double residual, double spread) =>
        rows < 2 ? null : spread > 0 ? 1 - residual / spread : residual == 0 ? 1 : 0;

    private double? Mean(double sum) => _sums.Weight > 0 ? sum / _sums.Weight : null;

    /// <summary>Sums over rows; the spread of the labels is kept about their mean, so that large labels lose no digits (Chan, Golub and LeVeque 1979).</summary>
    private readonly record struct Sums(
        long Rows, double Weight, double Absolute, double Squared, double Percentage, double Symmetric, double Pinball, double Mean, double Spread,
        long Intervals, long Covered, double Width)
    {
        public static Sums Of(double predicted, double label, double weight, double quantile) => new(
            weight > 0 ? 1 : 0, weight, weight * Math.Abs(predicted - label), weight * RowValues.Square(predicted - label),
            weight * RowValues.PercentageError(predicted, label), weight * RowValues.SymmetricPercentageError(predicted, label),
            weight * RowValues.Pinball(predicted, label, quantile), label, 0, 0, 0, 0);

        public Sums Plus(Sums other)
        {
            double weight = Weight + other.Weight, apart = other.Mean - Mean;
            return new(
                Rows + other.Rows, weight, Absolute + other.Absolute, Squared + other.Squared, Percentage + other.Percentage, Symmetric + other.Symmetric, Pinball + other.Pinball,
                weight > 0 ? Mean + apart * other.Weight / weight : 0, Spread + other.Spread + (weight > 0 ? apart * apart * Weight * other.Weight / weight : 0),
                Intervals + other.Intervals, Covered + other.Covered, Width + other.Width);
        }
    }
}
