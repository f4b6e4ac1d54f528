using Workbench.Data;

namespace Workbench.Features;

/// <summary>
/// Standardisation of numeric columns and vocabularies of categorical ones, fitted once on the training rows and kept
/// with the model. Missing numbers become the training mean; a category that training never saw, or a missing one,
/// becomes code 0.
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

    /// <summary>Learns means, deviations and vocabularies from <paramref name="training"/>.</summary>
    /// <exception cref="DataException">There are no rows, or a numeric column has no value at all.</exception>
    public static TabularPreprocessor Fit(TabularData training)
    {
        if (training.Rows == 0)
            throw new DataException("Cannot fit a preprocessor on 0 rows. Widen the training window.");
        int columns = training.Schema.Numeric.Count;
        var means = new float[columns];
        var deviations = new float[columns];
        for (int column = 0; column < columns; column++)
            (means[column], deviations[column]) = Moments(training, column);
        var categories = training.Schema.Categorical.Select((_, column) => Vocabulary(training, column)).ToList();
        return new() { Schema = training.Schema, Means = means, StandardDeviations = deviations, Categories = categories };
    }

    /// <summary>Standardised numbers, row-major [N × D].</summary>
    public float[] TransformNumeric(TabularData data)
    {
        int columns = Means.Count;
        var result = new float[data.Rows * columns];
        for (int i = 0; i < result.Length; i++)
        {
            float value = data.Numeric[i];
            int column = i % columns;
            result[i] = float.IsNaN(value) ? 0f : (value - Means[column]) / StandardDeviations[column];
        }
        return result;
    }

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

    private static Dictionary<string, long> Codes(IReadOnlyList<string> categories) =>
        categories.Select((name, index) => (name, code: index + 1L)).ToDictionary(pair => pair.name, pair => pair.code, StringComparer.Ordinal);

    private static (float Mean, float Deviation) Moments(TabularData data, int column)
    {
        int stride = data.Schema.Numeric.Count;
        var values = Enumerable.Range(0, data.Rows).Select(row => (double)data.Numeric[row * stride + column]).Where(value => !double.IsNaN(value)).ToList();
        if (values.Count == 0)
            throw new DataException(
                $"Column '{data.Schema.Numeric[column]}' has no value in any of the {data.Rows:N0} training rows. Leave it out of the schema or mend its source.")
            { Column = data.Schema.Numeric[column] };
        double mean = values.Average();
        double deviation = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
        return ((float)mean, deviation > 1e-12 * Math.Max(1, Math.Abs(mean)) ? (float)deviation : 1f);
    }

    private static List<string> Vocabulary(TabularData data, int column)
    {
        int stride = data.Schema.Categorical.Count;
        return Enumerable.Range(0, data.Rows).Select(row => data.Categorical[row * stride + column]).OfType<string>()
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
    }
}
