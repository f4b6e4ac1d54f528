using Workbench.Monitoring;

namespace Workbench.Core.Tests.Monitoring;

public sealed class MetricRuleTests
{
    [Fact]
    public void Validate_Sound_IsEmpty() => Assert.Empty(new MetricRule { Name = "a", Model = "churn", Below = 0.9 }.Validate());

    [Fact]
    public void EnsureValid_ManyErrors_ListsThemAll()
    {
        var bad = new MetricRule
        {
            Name = "a",
            Model = " ",
            Metric = "acuracy",
            Below = 0.9,
            Above = 0.5,
            Window = TimeSpan.Zero,
            For = TimeSpan.FromDays(-1),
            MinimumRows = 0,
        };
        var message = Assert.Throws<ArgumentException>(() => MetricRule.EnsureValid([bad, bad with { Model = "churn" }])).Message;
        foreach (var part in new[] { "Model is empty", "Did you mean 'accuracy'?", "one threshold", "Window is", "For is", "MinimumRows is", "2 rules have this name" })
            Assert.Contains(part, message);
    }

    [Theory]
    [InlineData(90)]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    public void Validate_ThresholdOutsideZeroToOne_IsRefused(double threshold) =>
        Assert.Contains("lie in 0 to 1", Assert.Single(new MetricRule { Name = "a", Model = "churn", Below = threshold }.Validate()));

    [Fact]
    public void Validate_NoThreshold_IsRefused() =>
        Assert.Contains("one threshold", Assert.Single(new MetricRule { Name = "a", Model = "churn" }.Validate()));
}
