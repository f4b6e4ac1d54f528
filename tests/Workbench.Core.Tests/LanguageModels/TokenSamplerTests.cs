using Workbench.LanguageModels;

namespace Workbench.Core.Tests.LanguageModels;

public sealed class TokenSamplerTests
{
    // softmax of [2, 1, 0, -1] by hand: e^0, e^-1, e^-2, e^-3 over their sum 1.5530
    private static readonly float[] Logits = [0, 2, -1, 1];
    private static readonly int[] Order = [1, 3, 0, 2];
    private static readonly double[] Softmax = [0.64391, 0.23688, 0.08714, 0.03206];

    [Theory]
    [InlineData(null, 1.0, 1.0, new[] { 0.64391, 0.23688, 0.08714, 0.03206 })]
    [InlineData(2, 1.0, 1.0, new[] { 0.73106, 0.26894 })]             // 1 / (1 + e^-1)
    [InlineData(9, 1.0, 1.0, new[] { 0.64391, 0.23688, 0.08714, 0.03206 })]
    [InlineData(null, 0.9, 1.0, new[] { 0.66524, 0.24473, 0.09003 })]  // 0.644 + 0.237 is below 0.9
    [InlineData(null, 0.5, 1.0, new[] { 1.0 })]
    [InlineData(null, 1e-9, 1.0, new[] { 1.0 })]
    [InlineData(2, 0.5, 1.0, new[] { 1.0 })]
    [InlineData(2, 0.9, 0.5, new[] { 0.88080, 0.11920 })]             // 1 / (1 + e^-2), which is below 0.9
    public void Candidates_Options_AreHandCalculated(int? topK, double topP, double temperature, double[] expected)
    {
        var candidates = TokenSampler.Candidates([.. Logits], new() { TopK = topK, TopP = topP, Temperature = temperature });
        Assert.Equal(Order[..expected.Length], candidates.Select(candidate => candidate.Token));
        Assert.All(candidates.Zip(expected), pair => Assert.Equal(pair.Second, pair.First.Probability, 1e-5));
    }

    [Fact]
    public void Penalize_SeenTokens_DividesPositiveAndMultipliesNegative()
    {
        float[] logits = [3, -3, 3, 0];
        TokenSampler.Penalize(logits, new HashSet<int> { 0, 1, 3, 99 }, 1.5);
        Assert.Equal([2, -4.5f, 3, 0], logits);
    }

    [Fact]
    public void Next_Drawn_ComesAsOftenAsItsProbability()
    {
        const int Draws = 40_000;
        var sampler = new TokenSampler(new() { Temperature = 1, Seed = 3 });
        var counts = new int[4];
        for (int i = 0; i < Draws; i++)
            counts[sampler.Next([.. Logits], new HashSet<int>())]++;
        // five standard deviations, √(p (1 - p) / n) ≤ 0.0025
        Assert.All(Order.Zip(Softmax), pair => Assert.Equal(pair.Second, counts[pair.First] / (double)Draws, 0.0125));
    }

    [Fact]
    public void Next_TemperatureZero_TakesTheLikeliestThatIsNotPenalized()
    {
        Assert.Equal(1, new TokenSampler(new()).Next([.. Logits], new HashSet<int>()));
        Assert.Equal(3, new TokenSampler(new() { RepetitionPenalty = 3 }).Next([.. Logits], new HashSet<int> { 1 }));
    }

    [Fact]
    public void Next_NoNumber_Refuses() =>
        Assert.Throws<InvalidOperationException>(() => new TokenSampler(new()).Next([1, float.NaN], new HashSet<int>()));
}
