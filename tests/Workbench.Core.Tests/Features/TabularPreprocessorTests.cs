using Workbench.Data;
using Workbench.Features;

namespace Workbench.Core.Tests.Features;

/// <summary>Expected values by hand.</summary>
public class TabularPreprocessorTests
{
    private static TabularData Rows(float[] numeric, string?[] categorical) => new()
    {
        Schema = new() { Numeric = ["a", "b"], Categorical = ["c"], Label = "y" },
        Rows = categorical.Length, Numeric = numeric, Categorical = categorical, Labels = new float[categorical.Length], Ids = [],
    };

    [Fact]
    public void Transform_TrainingRows_AreStandardisedAndCoded()
    {
        // Column a: 1, missing, 5: mean 3, deviation 2. Column b is constant.
        var training = Rows([1, 7, float.NaN, 7, 5, 7], ["x", null, "m"]);
        var preprocessor = TabularPreprocessor.Fit(training);
        Assert.Equal([-1f, 0f, 0f, 0f, 1f, 0f], preprocessor.TransformNumeric(training));
        Assert.Equal([2L, 0L, 1L], preprocessor.TransformCategorical(training));
    }

    [Fact]
    public void Transform_UnseenCategory_HasCodeZero()
    {
        var preprocessor = TabularPreprocessor.Fit(Rows([1, 7, 5, 8], ["x", "m"]));
        Assert.Equal([0L], preprocessor.TransformCategorical(Rows([1, 7], ["flex"])));
    }

    [Fact]
    public void Fit_ColumnWithoutValueOrNoRows_NamesIt()
    {
        Assert.Equal("b", Assert.Throws<DataException>(() => TabularPreprocessor.Fit(Rows([1, float.NaN], ["x"]))).Column);
        Assert.Contains("0 rows", Assert.Throws<DataException>(() => TabularPreprocessor.Fit(Rows([], []))).Message);
    }

    [Fact]
    public void Fit_MedianAndIndicators_FillAndTellTheMissing()
    {
        // Column a: 1, missing, 2, 9: median 2, mean 4, variance (9 + 4 + 25) / 3. Column b misses nothing.
        var training = Rows([1, 7, float.NaN, 8, 2, 7, 9, 8], ["x", "x", "m", null]);
        var preprocessor = TabularPreprocessor.Fit(training, new() { MissingNumbers = MissingNumbers.Median, MissingIndicators = true });
        Assert.Equal([0], preprocessor.Indicators);
        Assert.Equal(3, preprocessor.NumericWidth);
        Assert.Equal([1f, 7f, 0f, 2f, 8f, 1f, 2f, 7f, 0f, 9f, 8f, 0f], preprocessor.FillNumeric(training));
        var standardised = preprocessor.TransformNumeric(training);
        Assert.Equal((2 - 4) / Math.Sqrt(38 / 3.0), standardised[3], 1e-6);   // float32
        Assert.Equal(1f, standardised[5]);
    }

    [Fact]
    public void Fit_RareCategory_SharesTheBucketOfTheUnseen()
    {
        var training = Rows([1, 7, 2, 8, 3, 9], ["x", "m", "x"]);
        var preprocessor = TabularPreprocessor.Fit(training, new() { MinimumCategoryRows = 2 });
        Assert.Equal([1L, 0L, 1L], preprocessor.TransformCategorical(training));
        Assert.Equal([2], preprocessor.CodeCounts);
    }

    [Fact]
    public void Fit_Regression_LearnsTheLabelsScale()
    {
        var rows = Rows([1, 7, 2, 8], ["x", "m"]);
        var preprocessor = TabularPreprocessor.Fit(rows with { Schema = rows.Schema with { Task = PredictionTask.Regression }, Labels = [10, 30] });
        Assert.Equal((20f, 10f), (preprocessor.LabelMean, preprocessor.LabelDeviation));
        Assert.Equal((0f, 1f), (TabularPreprocessor.Fit(rows).LabelMean, TabularPreprocessor.Fit(rows).LabelDeviation));
    }
}
