using Workbench.Serving.Comparison;
using Workbench.Training;

namespace Workbench.Serving.Tests.Comparison;

public sealed class CandidateTextTests
{
    private static readonly TabularTrainingOptions Common = new() { MaxEpochs = 1 };

    /// <summary>
    /// Two numbers and two categorical columns of 4 categories and the unknown bucket: 5 codes. Linear has a weight a code,
    /// 2 · 5, and 4 + 1 for its inputs. Else a code is embedded in round(1.6 · 5^0.56) = 4 values: 2 · 5 · 4 = 40 and 10
    /// inputs; a layer of 8 has 80 + 8, its LayerNorm 16 and the last layer 8 + 1.
    /// </summary>
    [Theory]
    [InlineData("linear", 10 + 5)]
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
    [InlineData("resmlp:16,1", "resmlp:16,2")]
    [InlineData("ft-transformer:16,1", "ft-transformer:32,1")]
    [InlineData("lightgbm:4", "lightgbm:16")]
    [InlineData("fasttree:4/rounds=5", "fasttree:4/rounds=9")]
    public void Parse_Shape_MakesTheModelLarger(string small, string large)
    {
        var data = new ComparisonData(ChurnModels.Rows(400, 1), ChurnModels.Rows(100, 2), ChurnModels.Rows(100, 3));
        long Parameters(string text)
        {
            using var trained = CandidateText.Parse(text, Common).Train(data, 1, TestContext.Current.CancellationToken);
            return trained.Parameters;
        }
        Assert.InRange(Parameters(small), 1, Parameters(large) - 1);
    }

    [Theory]
    [InlineData("resmlp:16,1,2", "takes a width, or a width and a number of blocks")]
    [InlineData("lightgbm:3,4", "takes the leaves of a tree")]
    [InlineData("linaer", "Did you mean 'linear'?")]
    [InlineData("resnet", "Known: linear, mlp:WIDTH,WIDTH")]
    [InlineData("mlp:64,x", "mlp:64,x")]
    [InlineData("linear:3", "takes no shape")]
    [InlineData("mlp/speed=3", "Known: lr, dropout, decay, rounds, batch")]
    [InlineData("mlp/lr=fast", "'fast'; it takes a number")]
    [InlineData("mlp/dropout=2", "Dropout is 2")]
    public void Parse_WrongText_SaysWhatIsAllowed(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<FormatException>(() => CandidateText.Parse(text, Common)).Message);
}
