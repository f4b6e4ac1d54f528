using System.Text.Json.Nodes;

namespace Workbench.Host.Tests;

/// <summary><c>workbench compare</c> as a user types it, on one month of the sample data.</summary>
public sealed class CompareCommandTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);
    private static readonly string[] Rows =
        ["compare", Path.Combine(Checkout.Root, "data", "samples", "churn", "2024-01.parquet"), "--label", "churned", "--id", "customer_id", "--feature", "usage_hours", "--feature", "plan"];

    [Fact]
    public async Task Compare_TwoCandidates_GivesJsonAndAReport()
    {
        var html = Path.Combine(Directory.CreateTempSubdirectory("workbench-test-").FullName, "report.html");
        var (code, output, error) = await WorkbenchProcess.RunAsync(Checkout.Root, Limit,
            [.. Rows, "-c", "linear", "-c", "mlp:8/lr=0.01", "--seeds", "2", "--epochs", "2", "--latency-limit", "10m", "--metric", "roc_auc", "--json", "--html", html]);
        Assert.True(code == ExitCode.Done, error);
        var result = JsonNode.Parse(output)!;
        Assert.Equal(["linear", "mlp:8/lr=0.01"], result["candidates"]!.AsArray().Select(one => (string?)one!["name"]));
        Assert.Equal(("roc_auc", 2, "linear"), ((string?)result["metric"], result["seeds"]!.AsArray().Count, (string?)result["baseline"]));
        Assert.Contains((string?)result["choice"]!["winner"], new[] { "linear", "mlp:8/lr=0.01" });
        Assert.Contains("4 of 4: mlp:8/lr=0.01, seed 43", error);
        Assert.Contains((string)result["splitHash"]!, await File.ReadAllTextAsync(html, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Compare_NoneWithinTheLimit_EndsWithThreeAndSaysWhy()
    {
        var (code, output, _) = await WorkbenchProcess.RunAsync(Checkout.Root, Limit, [.. Rows, "-c", "linear", "--seeds", "1", "--epochs", "1", "--latency-limit", "0.0001ms"]);
        Assert.Equal(ExitCode.GateSaidNo, code);
        Assert.Contains("linear is refused: best quality, but an answer takes", output);
    }

    [Theory]
    [InlineData("linaer", "Did you mean 'linear'?")]
    [InlineData("linear/speed=1", "Known: lr")]
    public async Task Compare_WrongCandidate_EndsWithOneAndSaysWhatIsKnown(string candidate, string expected)
    {
        var (code, _, error) = await WorkbenchProcess.RunAsync(Checkout.Root, Limit, [.. Rows, "-c", candidate]);
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains(expected, error);
    }
}
