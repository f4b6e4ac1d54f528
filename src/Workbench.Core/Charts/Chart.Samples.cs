using System.Globalization;

namespace Workbench.Charts;

/// <content>Charts that count what they draw from the rows themselves.</content>
public static partial class Chart
{
    /// <summary>
    /// Distributions of numbers over the same <paramref name="bins"/> bins of equal width, from the smallest to the largest
    /// number of all samples. NaN and infinite numbers are left out; shares are of what remains.
    /// </summary>
    /// <exception cref="ArgumentException">There is no sample, or one without a number.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 2 bins.</exception>
    public static PlotlyFigure Histogram(string title, string xAxis, int bins, params IReadOnlyList<(string Name, IReadOnlyList<double> Values)> samples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 2);
        var finite = samples.Select(sample => (sample.Name, Values: sample.Values.Where(double.IsFinite).ToList())).ToList();
        if (finite.Count == 0 || finite.Exists(sample => sample.Values.Count == 0))
            throw new ArgumentException($"Histogram '{title}' has {finite.Count} samples of {string.Join(", ", finite.Select(sample => sample.Values.Count))} numbers; give at least one of at least one.", nameof(samples));
        var edges = ChartBins.EqualWidth(finite.SelectMany(sample => sample.Values), bins);
        return Histogram(title, xAxis, edges, [.. finite.Select(sample => (sample.Name, ChartBins.Shares(sample.Values, edges)))]);
    }

    /// <summary>Receiver operating characteristics of one or several models, with the area under each and the diagonal of chance.</summary>
    /// <param name="title">Title.</param>
    /// <param name="models">Name, [N] probabilities of class 1, and [N] labels of 0 or 1.</param>
    /// <exception cref="ArgumentException">There is no model, or one without rows of both classes.</exception>
    public static PlotlyFigure Roc(string title, params IReadOnlyList<(string Name, float[] Probabilities, float[] Labels)> models)
    {
        var series = models.Select(model =>
        {
            var (falseRates, trueRates, area) = ClassifierCurves.Roc(model.Name, model.Probabilities, model.Labels);
            return new ChartSeries(string.Create(CultureInfo.InvariantCulture, $"{model.Name}, AUC {area:F3}"), falseRates, trueRates);
        }).ToList();
        RequireSeries(title, series);
        return Points("ROC curve", "lines", title, "false positive rate", "true positive rate", [.. series, new("chance, AUC 0.500", [0d, 1d], [0d, 1d]) { Dashed = true }]);
    }

    /// <summary>
    /// Whether probabilities can be taken at their word: the share of class 1 among the rows of each tenth (or another
    /// <paramref name="bins"/>) of the probability, at the mean probability, with its 95 % interval (Wilson 1927), beside
    /// the diagonal of perfect calibration. A tenth without rows is left out.
    /// </summary>
    /// <param name="title">Title.</param>
    /// <param name="bins">Bins of equal width, at least 2.</param>
    /// <param name="models">Name, [N] probabilities of class 1, and [N] labels of 0 or 1.</param>
    /// <exception cref="ArgumentException">There is no model, or one without rows.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 2 bins.</exception>
    public static PlotlyFigure Calibration(string title, int bins, params IReadOnlyList<(string Name, float[] Probabilities, float[] Labels)> models)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 2);
        var series = models.Select(model =>
        {
            var points = ClassifierCurves.Calibration(model.Name, model.Probabilities, model.Labels, bins);
            return new ChartSeries(model.Name, points.Select(point => point.Predicted), points.Select(point => point.Observed))
            { Intervals = [.. points.Select(point => (point.Lower, point.Upper))] };
        }).ToList();
        RequireSeries(title, series);
        return Points("Calibration curve", "lines+markers", title, "mean predicted probability", "observed share of class 1", [.. series, new("perfect", [0d, 1d], [0d, 1d]) { Dashed = true }]);
    }
}
