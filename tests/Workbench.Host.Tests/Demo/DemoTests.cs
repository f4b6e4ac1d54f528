using System.Diagnostics;
using System.Text.Json.Nodes;
using Workbench.Host.Demo;

namespace Workbench.Host.Tests.Demo;

/// <summary>The main job, as a user runs it.</summary>
public sealed class DemoTests
{
    private const string Chromium = "/usr/bin/chromium";

    [Fact]
    public async Task Demo_OnAnEmptyFolder_HoldsInEveryStageAndDrawsItsReportOffline()
    {
        var folder = Path.Combine(Directory.CreateTempSubdirectory("workbench-test-").FullName, "demo");
        var (code, output, error) = await WorkbenchProcess.RunAsync(Checkout.Root, TimeSpan.FromMinutes(8), "demo", "--json", "--data", folder);
        Assert.True(code == ExitCode.Done, output + error);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal([1, 2, 3, 4, 5, 6], lines.Where(line => (string?)line["type"] == "stage").Select(line => (int)line["number"]!));

        var report = (string)lines[^1]["report"]!;
        Assert.True(File.Exists(report), report);
        Assert.DoesNotContain("src=\"http", await File.ReadAllTextAsync(report));
        var (history, _) = await ReadAsync("model", "history", "churn", "--at", "2025-02-01T00:00:00Z", "--data", folder);
        Assert.Equal("churn v1 was champion at 2025-02-01 00:00:00Z.", history.Trim());
        await AssertChartsAsync(report);
    }

    [Fact]
    public void ChurnRetrain_PromotedAgain_IsTheCommittedWorkflow()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("workbench-test-").FullName, "churn-retrain.json");
        NotebookPipelines.ChurnRetrain(Checkout.Root, file);
        Assert.Equal(File.ReadAllText(Path.Combine(Checkout.Root, "workflows", "churn-retrain.json")), File.ReadAllText(file));
    }

    private static async Task<(string Output, string Error)> ReadAsync(params string[] arguments)
    {
        var (code, output, error) = await WorkbenchProcess.RunAsync(Checkout.Root, TimeSpan.FromSeconds(60), arguments);
        Assert.True(code == ExitCode.Done, error);
        return (output, error);
    }

    // A proxy that answers nobody stands for "no network".
    private static async Task AssertChartsAsync(string report)
    {
        Assert.SkipUnless(File.Exists(Chromium), $"{Chromium} is not installed");
        var profile = Directory.CreateTempSubdirectory("chromium-").FullName;
        var start = new ProcessStartInfo(Chromium,
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            $"--user-data-dir={profile}", "--proxy-server=127.0.0.1:9", "--virtual-time-budget=10000", "--dump-dom", new Uri(report).AbsoluteUri,
        ]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var browser = Process.Start(start)!;
        var error = browser.StandardError.ReadToEndAsync();
        var page = await browser.StandardOutput.ReadToEndAsync();
        await browser.WaitForExitAsync();
        Assert.True(page.Split("class=\"main-svg\"").Length - 1 >= 4, $"Too few charts were drawn. {await error}");
    }
}
