using System.Globalization;
using Workbench.Drift.Sources;

namespace Workbench.Drift;

/// <summary>Kinds of targets and predictions, whose numbers may be labels.</summary>
internal static class RoleKinds
{
    // Evidently's limit (legacy/utils/data_operations.py, recognize_column_type_).
    private const int MostLabels = 5;

    /// <summary>
    /// Numbers with few distinct values are labels; but a prediction between 0 and 1 that is not only 0 and 1 is a score,
    /// however few values it has.
    /// </summary>
    public static DriftColumnKind Infer(ColumnRole role, string column, string type, ColumnReader reference, ColumnReader current, CancellationToken cancellationToken)
    {
        var kind = ColumnKinds.OfType(type);
        if (kind != DriftColumnKind.Numeric || reference.Distinct(column, cancellationToken) > MostLabels || current.Distinct(column, cancellationToken) > MostLabels)
            return kind;
        var names = reference.Categories(column, cancellationToken).Counts.Keys.Union(current.Categories(column, cancellationToken).Counts.Keys, StringComparer.Ordinal).ToList();
        return names.Count > MostLabels || (role == ColumnRole.Prediction && AreScores(names)) ? DriftColumnKind.Numeric : DriftColumnKind.Categorical;
    }

    private static bool AreScores(IEnumerable<string> names)
    {
        var values = names.Select(name => double.TryParse(name, CultureInfo.InvariantCulture, out double value) ? value : double.NaN).ToList();
        return values.TrueForAll(value => value is >= 0 and <= 1) && values.Exists(value => value is not (0 or 1));
    }
}
