using System.Text;
using Workbench.Host.Triggers;

namespace Workbench.Host.Tests.Triggers;

/// <summary>The message, secret and signature are the example that the specification's authors publish.</summary>
public sealed class StandardWebhookTests
{
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private const string Timestamp = "1614265330";
    private const string Signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""{"test": 2432232314}""");
    private static readonly DateTimeOffset Sent = DateTimeOffset.FromUnixTimeSeconds(1614265330);

    [Theory]
    [InlineData(0)]
    [InlineData(300)]
    [InlineData(-300)]
    public void Check_PublishedExample_IsTrustedWithinTheTolerance(int seconds) => Assert.Null(Check(now: Sent.AddSeconds(seconds)));

    [Fact]
    public void Check_OneOfSeveralSignaturesAndKeys_IsEnough()
    {
        Assert.Null(Check(signature: $"v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4= {Signature}"));
        Assert.Null(StandardWebhook.Check([new byte[32], Key(Secret)], Id, Timestamp, Signature, Body, Sent, TimeSpan.FromMinutes(5)));
        Assert.Null(StandardWebhook.Check([Key(Secret["whsec_".Length..])], Id, Timestamp, Signature, Body, Sent, TimeSpan.FromMinutes(5)));
    }

    [Fact]
    public void Check_AnythingChanged_IsRefused()
    {
        Assert.Contains("No signature fits", Check(id: "msg_other"));
        Assert.Contains("No signature fits", Check(timestamp: "1614265331"));
        Assert.Contains("No signature fits", Check(body: Encoding.UTF8.GetBytes("""{"test": 2432232315}""")));
        Assert.Contains("No signature fits", Check(signature: Signature.Replace('g', 'h')));
        Assert.Contains("No signature fits", Check(signature: Signature.Replace("v1,", "v1a,")));
        Assert.Contains("too old", Check(now: Sent.AddSeconds(301)));
        Assert.Contains("from the future", Check(now: Sent.AddSeconds(-301)));
        Assert.Contains("are needed", Check(id: null));
        Assert.Contains("are needed", Check(timestamp: ""));
        Assert.Contains("are needed", Check(signature: null));
        Assert.Contains("not seconds", Check(timestamp: "2021-02-25"));
    }

    [Theory]
    [InlineData("whsec_not base64", "it is no base64")]
    [InlineData("whsec_c2hvcnQ=", "it has 5 bytes; 24 are the least")]
    [InlineData("", "it has 0 bytes")]
    public void ParseSecret_NoSecret_SaysWhy(string secret, string why)
    {
        var (key, problem) = StandardWebhook.ParseSecret(secret);
        Assert.Null(key);
        Assert.Contains(why, problem);
    }

    private static string? Check(string? id = Id, string? timestamp = Timestamp, string? signature = Signature, byte[]? body = null, DateTimeOffset? now = null) =>
        StandardWebhook.Check([Key(Secret)], id, timestamp, signature, body ?? Body, now ?? Sent, TimeSpan.FromMinutes(5));

    private static byte[] Key(string secret) => StandardWebhook.ParseSecret(secret).Key ?? throw new InvalidOperationException("The example's secret is one.");
}
