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
}
