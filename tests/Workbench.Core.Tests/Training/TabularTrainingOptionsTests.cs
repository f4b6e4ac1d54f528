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
