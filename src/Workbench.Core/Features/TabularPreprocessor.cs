using System.Text.Json.Serialization;
using Workbench.Data;

namespace Workbench.Features;

/// <summary>
/// Standardisation of numeric columns, vocabularies of categorical ones and the scale of a regression's label, fitted
/// once on the training rows and kept with the model. A missing number becomes the training mean or median; a category
/// that training never saw, or too rarely, or a missing one, becomes code 0.
/// </summary>
public sealed record TabularPreprocessor
{
    /// <summary>Columns in input order.</summary>
    public required FeatureSchema Schema { get; init; }
    /// <summary>[D] means over the values that were present.</summary>
    public required IReadOnlyList<float> Means { get; init; }
    /// <summary>[D] population standard deviations; 1 where a column is constant, so that it standardises to 0.</summary>
    public required IReadOnlyList<float> StandardDeviations { get; init; }
    /// <summary>[K] sorted categories a column; category i has code i + 1.</summary>
    public required IReadOnlyList<IReadOnlyList<string>> Categories { get; init; }
    /// <summary>[D] what stands for a missing number, before standardisation; empty when that is the mean.</summary>
    public IReadOnlyList<float> Fills { get; init; } = [];
    /// <summary>[I] ascending indexes of the numeric columns with an input that says whether the number is missing.</summary>
    public IReadOnlyList<int> Indicators { get; init; } = [];
    /// <summary>Mean of a regression's training labels; 0 for classes.</summary>
    public float LabelMean { get; init; }
    /// <summary>Population standard deviation of a regression's training labels, by which they are divided; 1 for classes and constant labels.</summary>
    public float LabelDeviation { get; init; } = 1;

    /// <summary>D + I: the numeric inputs of a model.</summary>
    [JsonIgnore]
    public int NumericWidth => Means.Count + Indicators.Count;

    /// <summary>[K] number of codes a categorical column, bucket 0 included.</summary>
    [JsonIgnore]
    public IReadOnlyList<int> CodeCounts => Categories.Select(categories => categories.Count + 1).ToList();

    /// <summary>Learns everything from <paramref name="training"/>.</summary>
    /// <param name="training">The rows; labels are needed for a regression only.</param>
    /// <param name="how">Default: means, no indicators, all categories.</param>
    /// <exception cref="DataException">There are no rows, or a numeric column has no value at all.</exception>
    public static TabularPreprocessor Fit(TabularData training, TabularPreprocessing? how = null)
    {
        how ??= new();
        if (training.Rows == 0)
            throw new DataException("Cannot fit a preprocessor on 0 rows. Widen the training window.");
        var columns = training.Schema.Numeric.Select((_, column) => Values(training, column)).ToList();
        var moments = columns.Select(Moments).ToList();
        bool isRegression = training.Schema.TaskOrBinary == PredictionTask.Regression && training.Labels.Length > 0;
        var label = isRegression ? Moments(training.Labels.Select(value => (double)value).ToList()) : (Mean: 0, Deviation: 1);
        return new()
        {
            Schema = training.Schema,
            Means = [.. moments.Select(pair => pair.Mean)],
            StandardDeviations = [.. moments.Select(pair => pair.Deviation)],
            Categories = training.Schema.Categorical.Select((_, column) => Vocabulary(training, column, how.MinimumCategoryRows)).ToList(),
            Fills = how.MissingNumbers == MissingNumbers.Median ? [.. columns.Select(Median)] : [],
            Indicators = how.MissingIndicators ? [.. Enumerable.Range(0, columns.Count).Where(column => columns[column].Count < training.Rows)] : [],
            LabelMean = label.Mean,
            LabelDeviation = label.Deviation,
        };
    }

    /// <summary>What stands for a missing number of a column.</summary>
    public float Fill(int column) => Fills.Count == 0 ? Means[column] : Fills[column];

    /// <summary>Standardised numbers, then 1 or 0 for each indicator, row-major [N × (D + I)].</summary>
    public float[] TransformNumeric(TabularData data) => Numbers(data, (value, column) => (value - Means[column]) / StandardDeviations[column]);

    /// <summary>Numbers in their own units with the missing ones filled, then 1 or 0 for each indicator, row-major [N × (D + I)]: what trees read.</summary>
    public float[] FillNumeric(TabularData data) => Numbers(data, (value, _) => value);

    /// <summary>Category codes, row-major [N × K]; 0 is the bucket of the unseen and the missing.</summary>
    public long[] TransformCategorical(TabularData data)
    {
        int columns = Categories.Count;
        var codes = Categories.Select(Codes).ToList();
        var result = new long[data.Rows * columns];
        for (int i = 0; i < result.Length; i++)
            result[i] = data.Categorical[i] is { } value && codes[i % columns].TryGetValue(value, out long code) ? code : 0;
        return result;
    }

    private float[] Numbers(TabularData data, Func<float, int, float> scale)
    {
        int columns = Means.Count, width = NumericWidth;
        var result = new float[data.Rows * width];
        for (int row = 0; row < data.Rows; row++)
        {
            var values = data.Numeric.AsSpan(row * columns, columns);
            var target = result.AsSpan(row * width, width);
            for (int column = 0; column < columns; column++)
                target[column] = scale(float.IsNaN(values[column]) ? Fill(column) : values[column], column);
            for (int i = 0; i < Indicators.Count; i++)
                target[columns + i] = float.IsNaN(values[Indicators[i]]) ? 1 : 0;
        }
        return result;
    }

    private static Dictionary<string, long> Codes(IReadOnlyList<string> categories) =>
        categories.Select((name, index) => (name, code: index + 1L)).ToDictionary(pair => pair.name, pair => pair.code, StringComparer.Ordinal);

    private static List<double> Values(TabularData data, int column)
    {
        int stride = data.Schema.Numeric.Count;
        var values = Enumerable.Range(0, data.Rows).Select(row => (double)data.Numeric[row * stride + column]).Where(value => !double.IsNaN(value)).ToList();
        return values.Count > 0 ? values : throw new DataException(
            $"Column '{data.Schema.Numeric[column]}' has no value in any of the {data.Rows:N0} training rows. Leave it out of the schema or mend its source.")
        { Column = data.Schema.Numeric[column] };
    }

    private static (float Mean, float Deviation) Moments(List<double> values)
    {
        double mean = values.Average();
        double deviation = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
        return ((float)mean, deviation > 1e-12 * Math.Max(1, Math.Abs(mean)) ? (float)deviation : 1f);
    }

    private static float Median(List<double> values)
    {
        var sorted = values.Order().ToList();
        return (float)((sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2);
    }

    private static List<string> Vocabulary(TabularData data, int column, int minimumRows)
    {
        int stride = data.Schema.Categorical.Count;
        return Enumerable.Range(0, data.Rows).Select(row => data.Categorical[row * stride + column]).OfType<string>()
            .GroupBy(name => name, StringComparer.Ordinal).Where(group => group.Count() >= minimumRows)
            .Select(group => group.Key).Order(StringComparer.Ordinal).ToList();
    }
}
