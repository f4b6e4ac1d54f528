using Workbench.Data;
using Workbench.Drift.Quality.Scanning;
using Workbench.Drift.Sources;

namespace Workbench.Drift.Quality;

/// <summary>Pairs of numeric columns of which one is the other times a number plus a number. A thousand rows name the candidates, all rows decide.</summary>
internal static class TwinColumns
{
    // Fewer rows make lines of what is none.
    private const int FewestRows = 10;
    private const int MostPairs = 50;
    private const double SampleTolerance = 1e-6;
    // What rounding leaves of 1 over many rows.
    private const double Certain = 1 - 1e-9;

    public static IEnumerable<DataQualityFinding> Of(DuckInput data, TableProfile found, CancellationToken cancellationToken)
    {
        var columns = found.Columns.Where(column => column.Kind.IsNumeric() && column is { Infinite: 0, Least: { } least, Greatest: { } greatest } && double.IsFinite(greatest - least) && greatest > least).ToList();
        if (columns.Count < 2 || data.Rows < FewestRows)
            return [];
        var pairs = Candidates(columns, columns.Select(Standardise).ToArray()).Take(MostPairs).ToList();
        if (pairs.Count == 0)
            return [];
        using var query = new RelationQuery(data, cancellationToken);
        var correlations = query.Rows($"SELECT {string.Join(", ", pairs.Select(pair => $"corr({Scaled(pair.One)}, {Scaled(pair.Other)})"))} FROM {query.Relation}")[0];
        return pairs.Zip(correlations, (pair, r) => (pair, R: r as double? ?? 0)).Where(one => Math.Abs(one.R) >= Certain).Select(one => Finding(one.pair.One.Column, one.pair.Other.Column, one.R)).ToList();
    }

    private static DataQualityFinding Finding(string one, string other, double r) => new()
    {
        Severity = QualitySeverity.Information, Column = other, Check = QualityCheck.TwinColumns, Value = r > 0 ? "r = 1" : "r = -1", Allowed = "|r| below 1",
        What = $"'{other}' says the same as '{one}': the one is the other times a number plus a number.", Advice = "Keep one of them as a feature.",
    };

    // Between 0 and 1, so that no square overflows; NaN is left out.
    private static string Scaled(ColumnProfile column)
    {
        string name = DuckSession.Identifier(column.Column) + "::DOUBLE";
        return FormattableString.Invariant($"(CASE WHEN isfinite({name}) THEN ({name} - ({column.Least:R}::DOUBLE)) / {column.Greatest - column.Least:R}::DOUBLE END)");
    }

    // Mean 0, deviation 1, the first value that is not the mean above it: twins become the same numbers.
    private static double[] Standardise(ColumnProfile column)
    {
        var values = column.Sample.Select(value => (value - column.Least!.Value) / (column.Greatest!.Value - column.Least.Value)).ToList(); // chosen for having both
        var known = values.Where(value => !double.IsNaN(value)).ToList();
        if (known.Count < FewestRows)
            return [];
        double mean = known.Average(), deviation = Math.Sqrt(known.Average(value => (value - mean) * (value - mean)));
        if (!(deviation > 0))
            return [];
        double first = known.First(value => Math.Abs(value - mean) > deviation * SampleTolerance);
        return values.Select(value => (value - mean) / deviation * Math.Sign(first - mean)).ToArray();
    }

    private static IEnumerable<(ColumnProfile One, ColumnProfile Other)> Candidates(IReadOnlyList<ColumnProfile> columns, double[][] samples)
    {
        for (int one = 0; one < samples.Length; one++)
            for (int other = one + 1; other < samples.Length; other++)
                if (samples[one].Length > 0 && samples[other].Length > 0 && AreSame(samples[one], samples[other]))
                    yield return (columns[one], columns[other]);
    }

    private static bool AreSame(double[] one, double[] other)
    {
        for (int i = 0; i < one.Length; i++)
            if (double.IsNaN(one[i]) != double.IsNaN(other[i]) || Math.Abs(one[i] - other[i]) > SampleTolerance)
                return false;
        return true;
    }
}
