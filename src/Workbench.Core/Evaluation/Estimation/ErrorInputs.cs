using Workbench.Data;
using Workbench.Features;

namespace Workbench.Evaluation.Estimation;

/// <summary>What an error is told from: numbers, indicators of missing ones, a column for each category, and the prediction last.</summary>
internal sealed class ErrorInputs
{
    private readonly TabularPreprocessor? _preprocessor;

    public ErrorInputs(ServedPredictions reference) => _preprocessor = reference.Inputs is { } inputs
        ? TabularPreprocessor.Fit(inputs, new TabularPreprocessing { MissingIndicators = true })
        : null;

    public int Width => 1 + (_preprocessor is { } known ? known.NumericWidth + known.CodeCounts.Sum() : 0);

    /// <summary>Row-major [N × F] of the rows of a chunk.</summary>
    /// <exception cref="DataException">The reference had inputs and these have none, or others.</exception>
    public float[] Of(ServedPredictions predictions, EstimationChunk chunk)
    {
        var result = new float[chunk.Rows * Width];
        for (int i = 0; i < chunk.Rows; i++)
            result[i * Width + Width - 1] = (float)predictions.Scores[chunk.First + i];
        if (_preprocessor is { } known)
            Fill(result, known, Same(known, predictions.Inputs).Select([.. Enumerable.Range(chunk.First, chunk.Rows)]));
        return result;
    }

    private void Fill(float[] result, TabularPreprocessor known, TabularData data)
    {
        var (numbers, codes, counts) = (known.FillNumeric(data), known.TransformCategorical(data), known.CodeCounts);
        for (int i = 0; i < data.Rows; i++)
        {
            int start = i * Width;
            numbers.AsSpan(i * known.NumericWidth, known.NumericWidth).CopyTo(result.AsSpan(start));
            start += known.NumericWidth;
            for (int column = 0; column < counts.Count; column++)
            {
                result[start + codes[i * counts.Count + column]] = 1;
                start += counts[column];
            }
        }
    }

    private static TabularData Same(TabularPreprocessor known, TabularData? inputs)
    {
        if (inputs is null)
            throw new DataException($"The reference had the inputs {string.Join(", ", known.Schema.Inputs)}, and these predictions have none. Give the inputs of the same model.");
        if (!inputs.Schema.Numeric.SequenceEqual(known.Schema.Numeric) || !inputs.Schema.Categorical.SequenceEqual(known.Schema.Categorical))
            throw new DataException($"The reference had the inputs {string.Join(", ", known.Schema.Inputs)}, and these predictions have {string.Join(", ", inputs.Schema.Inputs)}. Give the inputs of the same model.");
        return inputs;
    }
}
