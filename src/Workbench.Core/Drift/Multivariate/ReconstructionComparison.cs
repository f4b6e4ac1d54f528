using System.Globalization;
using MathNet.Numerics.Statistics;

namespace Workbench.Drift.Multivariate;

/// <summary>Compares the reconstruction error of both sides.</summary>
internal static class ReconstructionComparison
{
    private const int Listed = 20;

    public static ReconstructionDrift Compare(TableSample reference, TableSample current, double varianceShare, int parts)
    {
        var model = ReconstructionModel.Fit(reference, varianceShare);
        var chunks = reference.Split(parts);
        double[] errors = [.. chunks.Select(chunk => model.Errors(chunk).Average())];
        double mean = errors.Average(), own = model.Errors(current).Average();
        // The mean of fewer rows varies more, by the root of the ratio.
        double widening = Math.Sqrt(Math.Max(1, (double)chunks[0].Rows.Count / current.Rows.Count));
        double half = errors.Length < 2 ? 0 : 3 * errors.StandardDeviation() * widening;
        bool isDrift = own > mean + half || own < mean - half;
        var importances = Importances(model, reference, current);
        return new()
        {
            Components = model.Components,
            ReferenceError = mean,
            CurrentError = own,
            Lower = mean - half,
            Upper = mean + half,
            ReferenceParts = errors,
            Importances = importances,
            IsDrift = isDrift,
            Sentence = Sentence(mean, half, own, isDrift, importances),
        };
    }

    private static List<ColumnImportance> Importances(ReconstructionModel model, TableSample reference, TableSample current)
    {
        double[] before = model.ErrorsByColumn(reference), after = model.ErrorsByColumn(current);
        double[] changes = [.. before.Zip(after, (x, y) => Math.Abs(y - x))];
        double total = changes.Sum();
        return total == 0 ? [] : [.. reference.Columns.Zip(changes, (column, change) => new ColumnImportance(column, change / total)).OrderByDescending(one => one.Share).Take(Listed)];
    }

    private static string Sentence(double mean, double half, double own, bool isDrift, List<ColumnImportance> importances)
    {
        string values = string.Create(CultureInfo.InvariantCulture, $"{own:G4} against {mean - half:G4} to {mean + half:G4}");
        return isDrift
            ? $"The columns no longer go together as they did: the reconstruction error is {values}, most in {string.Join(", ", importances.Take(3).Select(one => one.Column))}."
            : $"The columns go together as they did: the reconstruction error is {values}.";
    }
}
