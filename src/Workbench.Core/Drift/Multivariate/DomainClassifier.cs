using System.Globalization;
using Workbench.Drift.Classifiers;

namespace Workbench.Drift.Multivariate;

/// <summary>Trains the domain classifier of many columns.</summary>
internal static class DomainClassifier
{
    private const int Seed = 20240601;
    private const int Listed = 20;

    /// <summary>Null when a side has too few rows to learn from.</summary>
    public static DomainClassifierDrift? Compare(TableSample reference, TableSample current, MultivariateOptions options, DomainLearner learner, CancellationToken cancellationToken)
    {
        if (Math.Min(reference.Rows.Count, current.Rows.Count) < CrossValidation.LeastRows)
            return null;
        var features = DomainFeatures.Of(learner, reference, current);
        var gains = new double[features.Rows.Width];
        var area = CrossValidation.Area(features.Rows, features.IsCurrent, Seed, chosen => Train(features, chosen, learner, gains, cancellationToken));
        var importances = Importances(reference.Columns, features.ColumnOf, gains);
        var (lower, upper) = area.Interval;
        bool isDrift = (area.Value < options.ClassifierLower || area.Value > options.ClassifierUpper) && (lower > 0.5 || upper < 0.5);
        return new()
        {
            Learner = learner,
            Area = area.Value,
            AreaLower = lower,
            AreaUpper = upper,
            PValue = area.PValue(reference.Rows.Count, current.Rows.Count),
            Lower = options.ClassifierLower,
            Upper = options.ClassifierUpper,
            Importances = importances,
            IsDrift = isDrift,
            Sentence = Sentence(area.Value, isDrift, importances),
        };
    }

    private static Func<int, double> Train(DomainFeatures features, int[] chosen, DomainLearner learner, double[] gains, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (learner == DomainLearner.BoostedTrees)
        {
            var trees = BoostedTrees.Train(features.Rows, features.IsCurrent, chosen, Seed);
            trees.AddGains(gains);
            return row => trees.Score(features.Rows, row);
        }
        var model = LogisticRegression.Train(features.Rows, features.IsCurrent, chosen, Seed, cancellationToken);
        AddWeights(features.Rows, model, gains);
        return row => model.Score(features.Rows, row);
    }

    // |weight| times the deviation of the feature: how far it moves the logit.
    private static void AddWeights(FeatureRows rows, LogisticRegression model, double[] gains)
    {
        double[] sums = new double[rows.Width], squares = new double[rows.Width];
        for (int row = 0; row < rows.Count; row++)
        {
            var values = rows.Values(row);
            for (int i = 0; i < values.Length; i++)
            {
                sums[i] += values[i];
                squares[i] += (double)values[i] * values[i];
            }
        }
        for (int i = 0; i < gains.Length; i++)
            gains[i] += Math.Abs(model.Weights[i]) * Math.Sqrt(Math.Max(0, squares[i] / rows.Count - sums[i] / rows.Count * (sums[i] / rows.Count)));
    }

    private static List<ColumnImportance> Importances(IReadOnlyList<string> columns, int[] columnOf, double[] gains)
    {
        var shares = new double[columns.Count];
        for (int i = 0; i < gains.Length; i++)
            shares[columnOf[i]] += gains[i];
        double total = shares.Sum();
        return total > 0 ? [.. columns.Zip(shares, (column, share) => new ColumnImportance(column, share / total)).OrderByDescending(one => one.Share).Take(Listed)] : [];
    }

    private static string Sentence(double area, bool isDrift, List<ColumnImportance> importances) => isDrift
        ? string.Create(CultureInfo.InvariantCulture, $"A classifier tells the sides apart with an area under the curve of {area:F3}, most by {string.Join(", ", importances.Take(3).Select(one => one.Column))}.")
        : string.Create(CultureInfo.InvariantCulture, $"A classifier hardly tells the sides apart: its area under the curve is {area:F3} (0.5 is chance).");
}
