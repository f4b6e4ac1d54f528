using Workbench.Distributed.Launch;

namespace Workbench.Core.Tests.Distributed.Launch;

public class PlacementTests
{
    [Theory]
    [InlineData("", 3, "localhost:3")]
    [InlineData("a:2,b:2", 4, "a:2,b:2")]
    [InlineData("a:2,b:2", 2, "a:2")]
    [InlineData("a:2,b:2", 3, "a:2,b:1")]
    [InlineData("a:2,b:2", 7, "a:4,b:3")]
    public void Of_FillsHostsInOrder(string hosts, int processes, string placed) =>
        Assert.Equal(placed, Placement.Of(JobHosts.Parse(hosts), processes).ToString());

    [Theory]
    [InlineData("b", 1, "a:2,b:1")]
    [InlineData("b,b", 1, "a:2")]
    [InlineData("a,b,b", 2, "a:1,b:1")]
    [InlineData("a", 4, "a:2,b:2")]
    public void WithoutRanks_TakesOneOfTheirHost_DownToTheLeast(string lost, int least, string left) =>
        Assert.Equal(left, Placement.Of(JobHosts.Parse("a:2,b:2"), 4).WithoutRanks(lost.Split(','), least).ToString());

    [Fact]
    public void WithoutHosts_TakesAllTheirRanks() =>
        Assert.Equal("b:2", Placement.Of(JobHosts.Parse("a:2,b:2,c:1"), 5).WithoutHosts(["a", "c"]).ToString());

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(5, 16)]
    [InlineData(6, 30)]
    [InlineData(60, 30)]
    public void BackOff_DoublesToHalfAMinute(int restart, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Recovery.BackOff(TimeSpan.FromSeconds(1), restart));
}
