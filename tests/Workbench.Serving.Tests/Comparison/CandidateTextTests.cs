using Workbench.Serving.Comparison;
using Workbench.Training;

namespace Workbench.Serving.Tests.Comparison;

public sealed class CandidateTextTests
{
    private static readonly TabularTrainingOptions Common = new() { MaxEpochs = 1 };

    /// <summary>
    /// Two numbers and two categorical columns of 4 categories and the unknown bucket: 5 codes, each embedded in
    /// round(1.6 · 5^0.56) = 4 values. Embeddings 2 · 5 · 4 = 40 and 10 inputs: linear has 10 + 1 weights more; a layer of 8
    /// has 80 + 8, its LayerNorm 16 and the last layer 8 + 1.
    /// </summary>
    [Theory]
    [InlineData("linear", 40 + 11)]
    [InlineData("mlp:8", 40 + 88 + 16 + 9)]
    [InlineData("mlp: 8 / lr=0.01 / dropout=0", 40 + 88 + 16 + 9)]
    public void Parse_Text_TrainsThatArchitecture(string text, long parameters)
    {
        var candidate = CandidateText.Parse(text, Common);
        var data = new ComparisonData(ChurnModels.Rows(200, 1), ChurnModels.Rows(50, 2), ChurnModels.Rows(50, 3));
        using var trained = candidate.Train(data, 1, TestContext.Current.CancellationToken);
        Assert.Equal((text, parameters), (candidate.Name, trained.Parameters));
    }

    [Theory]
    [InlineData("linaer", "Did you mean 'linear'?")]
    [InlineData("resnet", "Known: linear, mlp:WIDTH,WIDTH")]
    [InlineData("mlp:64,x", "mlp:64,x")]
    [InlineData("linear:3", "takes no shape")]
    [InlineData("mlp/speed=3", "Known: lr, dropout, decay, batch")]
    [InlineData("mlp/lr=fast", "'fast'; it takes a number")]
    [InlineData("mlp/dropout=2", "Dropout is 2")]
    public void Parse_WrongText_SaysWhatIsAllowed(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<FormatException>(() => CandidateText.Parse(text, Common)).Message);
}
