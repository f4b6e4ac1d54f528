using Workbench.Distributed.Launch;

namespace Workbench.Core.Tests.Distributed.Launch;

public class JobHostsTests
{
    [Fact]
    public void Parse_NamesAndAddresses_KeepsTheirOrder() =>
        Assert.Equal([new JobHost("b.example.org", 2), new("10.0.0.7", 16), new("a-1", 1)], JobHosts.Parse("b.example.org:2, 10.0.0.7:16,a-1"));

    [Fact]
    public void Parse_Empty_IsThisHost() => Assert.Empty(JobHosts.Parse(""));

    [Fact]
    public void Parse_SeveralErrors_ListsAll()
    {
        var thrown = Assert.Throws<ArgumentException>(() => JobHosts.Parse("a:0,-oProxyCommand=x,b:2,b:1"));
        Assert.Contains("'a:0'", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("'-oProxyCommand=x'", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("'b' is named twice", thrown.Message, StringComparison.Ordinal);
    }
}
