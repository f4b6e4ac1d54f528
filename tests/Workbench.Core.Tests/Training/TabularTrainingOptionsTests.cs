using Workbench.Features;
using Workbench.Training;

namespace Workbench.Core.Tests.Training;

public sealed class TabularTrainingOptionsTests
{
    [Fact]
    public void Validate_Defaults_FindNothing() => Assert.Empty(new TabularTrainingOptions().Validate());

    [Fact]
    public void EnsureValid_EverythingWrong_ListsEverySettingWithItsValue()
    {
        var options = new TabularTrainingOptions
        {
            HiddenSizes = [64, 0], EmbeddingSize = 0, Dropout = 1, LearningRate = double.NaN, WeightDecay = -0.5, BatchSize = 0,
            MaxEpochs = 0, Patience = 0, Seed = -1, Device = "gpu",
        };
        var failure = Assert.Throws<ArgumentException>(() => options.EnsureValid());
        Assert.Equal(10, options.Validate().Count);
        foreach (string expected in new[]
        {
            "HiddenSizes is [64, 0]", "EmbeddingSize is 0", "Dropout is 1", "LearningRate is NaN", "WeightDecay is -0.5", "BatchSize is 0",
            "MaxEpochs is 0", "Patience is 0", "Seed is -1", "Device is 'gpu'; allowed is cpu, cuda, cuda:N or auto",
        })
            Assert.Contains(expected, failure.Message);
    }

    [Fact]
    public void Validate_WrongArchitectureSettings_ListsEachByItsPath()
    {
        var options = new TabularTrainingOptions
        {
            Architecture = (TabularArchitecture)99, ClassWeights = [1, 0], Width = 0, Blocks = 0, Heads = 0,
            Preprocessing = new() { MinimumCategoryRows = 0, MissingNumbers = (MissingNumbers)7 },
            Trees = new() { Rounds = 0, Leaves = 1, LearningRate = 2, MinimumLeafRows = 0 },
        };
        string[] named = ["Architecture", "Preprocessing.MinimumCategoryRows", "Preprocessing.MissingNumbers", "ClassWeights", "Width", "Blocks", "Heads", "Trees.Rounds", "Trees.Leaves", "Trees.LearningRate", "Trees.MinimumLeafRows"];
        Assert.Equal(named, options.Validate().Select(problem => problem.Split(' ')[0]));
        Assert.Contains("ClassWeights is [1]", Assert.Single(new TabularTrainingOptions { ClassWeights = [1], BalanceClasses = true }.Validate()));
        Assert.Contains("divisor of the width", Assert.Single(new TabularTrainingOptions { Architecture = TabularArchitecture.FtTransformer, Width = 30 }.Validate()));
    }

    // Expected: min(50, round(1.6 · n^0.56)) by hand: 2 -> 2.36, 4 -> 3.48, 10 -> 5.81, 100 -> 21.09, 10,000 -> 277.97.
    [Theory]
    [InlineData(2, 2)]
    [InlineData(4, 3)]
    [InlineData(10, 6)]
    [InlineData(100, 21)]
    [InlineData(10_000, 50)]
    public void EmbeddingSizeFor_NoSizeGiven_FollowsTheRule(int codes, int expected) =>
        Assert.Equal(expected, new TabularTrainingOptions().EmbeddingSizeFor(codes));
}
