using System.Globalization;

namespace Workbench.Evaluation.Estimation;

/// <summary>All metrics of classes that can be estimated, with those of <see cref="Metrics"/> under their names.</summary>
internal sealed class ClassMetrics(int classes, bool isBinary, EstimationOptions options)
{
    /// <summary>NannyML found that the independent variances of the classes give a band for the area that is a fifth too narrow.</summary>
    private const double MulticlassAreaFactor = 1.2 * 1.2;

    private IEnumerable<int> All => Enumerable.Range(0, classes);

    /// <summary>Those that are estimated when none is named.</summary>
    public IEnumerable<ClassMetric> Default => [.. isBinary ? Binary() : Multiclass(), .. Losses(), .. Business()];

    /// <summary>All that may be named.</summary>
    public IEnumerable<ClassMetric> Known => [.. Default, .. Elements()];

    private IEnumerable<ClassMetric> Binary() =>
    [
        Share("accuracy", rows => rows.Counts.Accuracy, Right),
        Share("balanced_accuracy", rows => rows.Counts.BalancedAccuracy, rows => Mean([Recall(rows, 0), Recall(rows, 1)])),
        Share("precision", rows => rows.Counts.Precision(1), rows => Precision(rows, 1)),
        Share("recall", rows => rows.Counts.Recall(1), rows => Recall(rows, 1)),
        Share("specificity", rows => rows.Counts.Recall(0), rows => Recall(rows, 0)),
        Share("f1", rows => rows.Counts.F1(1), rows => F1(rows, 1)),
        new("mcc", -1, 1, rows => rows.Ranked(1).MatthewsCorrelation, rows => SamplingErrors.Resampled(rows, 1, counts => counts.MatthewsCorrelation, options.Seed)),
        Share("roc_auc", rows => rows.Ranked(1).RocAuc, rows => SamplingErrors.Area(rows, 1)),
        Share("average_precision", rows => rows.Ranked(1).AveragePrecision, rows => SamplingErrors.Resampled(rows, 1, counts => counts.AveragePrecision, options.Seed)),
    ];

    private IEnumerable<ClassMetric> Multiclass() =>
    [
        Share("accuracy", rows => rows.Counts.Accuracy, Right),
        Share("balanced_accuracy", rows => rows.Counts.BalancedAccuracy, rows => Mean(All.Select(c => Recall(rows, c)))),
        Share("precision_macro", rows => rows.Counts.Precision(Averaging.Macro), rows => Mean(All.Select(c => Precision(rows, c)))),
        Share("recall_macro", rows => rows.Counts.Recall(Averaging.Macro), rows => Mean(All.Select(c => Recall(rows, c)))),
        Share("specificity_macro", rows => Average(All.Select(c => Specificity(rows, c))), rows => Mean(All.Select(c => SpecificityError(rows, c)))),
        Share("f1_macro", rows => rows.Counts.F1(Averaging.Macro), rows => Mean(All.Select(c => F1(rows, c)))),
        Share("roc_auc", rows => Average(All.Select(c => rows.Ranked(c).RocAuc)),
            rows => Mean(All.Select(c => SamplingErrors.Area(rows, c))) is { } error ? error with { Variance = error.Variance * MulticlassAreaFactor } : null),
        Share("average_precision_macro", rows => Average(All.Select(c => rows.Ranked(c).AveragePrecision)),
            rows => MeanVariance(All.Select(c => SamplingErrors.Resampled(rows, c, counts => counts.AveragePrecision, options.Seed)))),
    ];

    private IEnumerable<ClassMetric> Losses() =>
    [
        new("log_loss", 0, null, rows => Mean(rows, rows.LogLoss), rows => new(SamplingErrors.Variance(rows.Rows, rows.LogLoss))),
        new("brier", 0, isBinary ? 1 : 2, rows => Mean(rows, rows.Brier), rows => new(SamplingErrors.Variance(rows.Rows, rows.Brier))),
    ];

    private IEnumerable<ClassMetric> Business()
    {
        if (options.BusinessValues is not { } values)
            return [];
        return
        [
            new("business_value", null, null,
                rows => rows.Rows == 0 ? null : Total(rows) / (options.BusinessValuePerRow ? rows.Rows : 1),
                rows => new(Spread(rows), IsTotal: !options.BusinessValuePerRow)),
        ];

        double Total(ExpectedRows rows) => All.Sum(label => All.Sum(predicted => rows.Confusion[label, predicted] * values[label, predicted]));

        double Spread(ExpectedRows rows)
        {
            double mean = Total(rows) / rows.Rows;
            return All.Sum(label => All.Sum(predicted => rows.Confusion[label, predicted] * RowValues.Square(values[label, predicted] - mean))) / rows.Rows;
        }
    }

    private IEnumerable<ClassMetric> Elements() =>
        from label in All
        from predicted in All
        select new ClassMetric(
            ElementName(label, predicted), 0, options.Confusion == ConfusionScale.Count ? null : 1,
            rows => options.Confusion == ConfusionScale.Count ? rows.Confusion[label, predicted] : Ratio(rows.Confusion[label, predicted], Whole(rows, label, predicted)),
            rows => options.Confusion == ConfusionScale.Count
                ? SamplingErrors.Share(rows.Confusion[label, predicted], rows.Rows, rows.Rows) is { } share ? share with { IsTotal = true } : null
                : SamplingErrors.Share(rows.Confusion[label, predicted], Whole(rows, label, predicted), rows.Rows));

    private string ElementName(int label, int predicted) => !isBinary
        ? string.Create(CultureInfo.InvariantCulture, $"confusion_{label}_{predicted}")
        : (label, predicted) switch { (0, 0) => "true_negatives", (0, 1) => "false_positives", (1, 0) => "false_negatives", _ => "true_positives" };

    private double Whole(ExpectedRows rows, int label, int predicted) => options.Confusion switch
    {
        ConfusionScale.ShareOfLabel => Labelled(rows, label),
        ConfusionScale.ShareOfPredicted => PredictedAs(rows, predicted),
        _ => rows.Rows,
    };

    private static ClassMetric Share(string name, Func<ExpectedRows, double?> value, Func<ExpectedRows, SamplingError?> error) => new(name, 0, 1, value, error);

    private SamplingError? Right(ExpectedRows rows) => SamplingErrors.Share(All.Sum(c => rows.Confusion[c, c]), rows.Rows, rows.Rows);

    private SamplingError? Precision(ExpectedRows rows, int c) => SamplingErrors.Share(rows.Confusion[c, c], PredictedAs(rows, c), rows.Rows);

    private SamplingError? Recall(ExpectedRows rows, int c) => SamplingErrors.Share(rows.Confusion[c, c], Labelled(rows, c), rows.Rows);

    private double? Specificity(ExpectedRows rows, int c) => Ratio(TrueNegatives(rows, c), rows.Rows - Labelled(rows, c));

    private SamplingError? SpecificityError(ExpectedRows rows, int c) => SamplingErrors.Share(TrueNegatives(rows, c), rows.Rows - Labelled(rows, c), rows.Rows);

    // F1 is the share of hits among the rows labelled or predicted c, times a factor taken as constant.
    private SamplingError? F1(ExpectedRows rows, int c)
    {
        double hits = rows.Confusion[c, c], relevant = Labelled(rows, c) + PredictedAs(rows, c) - hits;
        if (SamplingErrors.Share(hits, relevant, rows.Rows) is not { } share)
            return null;
        double factor = relevant / (hits + (relevant - hits) / 2);
        return share with { Variance = share.Variance * factor * factor };
    }

    private double TrueNegatives(ExpectedRows rows, int c) => rows.Rows - Labelled(rows, c) - PredictedAs(rows, c) + rows.Confusion[c, c];

    private double Labelled(ExpectedRows rows, int c) => All.Sum(predicted => rows.Confusion[c, predicted]);

    private double PredictedAs(ExpectedRows rows, int c) => All.Sum(label => rows.Confusion[label, c]);

    /// <summary>Of a mean of independent parts.</summary>
    private static SamplingError? Mean(IEnumerable<SamplingError?> parts)
    {
        var all = parts.ToList();
        return all.Contains(null) ? null : new(all.Sum(part => part!.Value.Variance) / all.Count / all.Count); // none is null
    }

    /// <summary>Of a mean of parts that go up and down together, as the average precisions of classes do.</summary>
    private static SamplingError? MeanVariance(IEnumerable<SamplingError?> parts)
    {
        var all = parts.ToList();
        return all.Contains(null) ? null : new(all.Average(part => part!.Value.Variance)); // none is null
    }

    private static double? Average(IEnumerable<double?> values)
    {
        var all = values.ToList();
        return all.Contains(null) ? null : all.Average();
    }

    private static double? Mean(ExpectedRows rows, Func<int, double> value) => rows.Rows == 0 ? null : Enumerable.Range(0, rows.Rows).Average(value);

    private static double? Ratio(double part, double whole) => whole > 0 ? part / whole : null;
}
