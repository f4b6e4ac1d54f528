using Workbench.Data;
using Workbench.Features;

namespace Workbench.Training.Trees;

/// <summary>What trees read: numbers in their own units with missing ones filled, indicators, then 1 or 0 for each code of each category.</summary>
internal static class TreeInputs
{
    private const int MostInputs = 4_096;

    /// <summary>F = D + I + Σ codes.</summary>
    /// <exception cref="DataException">There would be more inputs than trees are grown on here.</exception>
    public static int Width(TabularPreprocessor preprocessor)
    {
        int width = preprocessor.NumericWidth + preprocessor.CodeCounts.Sum();
        if (width <= MostInputs)
            return width;
        int widest = preprocessor.CodeCounts.Index().MaxBy(column => column.Item).Index;
        throw new DataException(
            $"The trees would read {width:N0} inputs, one for each category; at most {MostInputs:N0} are allowed. Column '{preprocessor.Schema.Categorical[widest]}' has {preprocessor.Categories[widest].Count:N0} categories: raise Preprocessing.MinimumCategoryRows, or leave it out.")
        { Column = preprocessor.Schema.Categorical[widest] };
    }

    /// <summary>Row-major [N × F].</summary>
    public static float[] From(TabularData data, TabularPreprocessor preprocessor)
    {
        int width = Width(preprocessor), numeric = preprocessor.NumericWidth, categorical = preprocessor.Categories.Count;
        var (numbers, codes) = (preprocessor.FillNumeric(data), preprocessor.TransformCategorical(data));
        var counts = preprocessor.CodeCounts;
        var inputs = new float[data.Rows * width];
        for (int row = 0; row < data.Rows; row++)
        {
            numbers.AsSpan(row * numeric, numeric).CopyTo(inputs.AsSpan(row * width));
            int start = row * width + numeric;
            for (int column = 0; column < categorical; column++)
            {
                inputs[start + codes[row * categorical + column]] = 1;
                start += counts[column];
            }
        }
        return inputs;
    }
}
