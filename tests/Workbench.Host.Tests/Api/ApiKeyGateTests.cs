using Workbench.Host.Api;

namespace Workbench.Host.Tests.Api;

public sealed class ApiKeyGateTests
{
    [Theory]
    [InlineData("127.0.0.1", "http://127.0.0.1:8080")]
    [InlineData("localhost", "http://127.0.0.1:8080")]
    [InlineData("::1", "http://[::1]:8080")]
    public void CheckAddress_Loopback_NeedsNoKey(string address, string expected) =>
        Assert.Equal(expected, ApiKeyGate.CheckAddress(address, 8080, key: null));

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("192.0.2.7")]
    public void CheckAddress_ReachableWithoutKey_IsRefusedWithTheRemedy(string address)
    {
        var failure = Assert.Throws<CommandException>(() => ApiKeyGate.CheckAddress(address, 8080, key: null));
        Assert.Contains(ApiKeyGate.EnvironmentVariable, failure.Message);
        Assert.Contains("127.0.0.1", failure.Message);
    }

    [Fact]
    public void CheckAddress_ReachableWithKey_IsAccepted() =>
        Assert.Equal("http://0.0.0.0:80", ApiKeyGate.CheckAddress("0.0.0.0", 80, "secret"));

    [Fact]
    public void CheckAddress_NoAddress_IsRefused() =>
        Assert.Contains("'example'", Assert.Throws<CommandException>(() => ApiKeyGate.CheckAddress("example", 80, "secret")).Message);
}
