using System.Text.Json.Nodes;

namespace Workbench.Host.Tests;

/// <summary><c>workbench drift stream</c> as a user types it, on errors that are 1 every tenth row and then every second.</summary>
public sealed class DriftStreamCommandTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly string _folder = Directory.CreateTempSubdirectory("workbench-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Stream_ErrorsThatRise_SaysTheRowAndGoesOnFromItsState()
    {
        Write(1000);
        string[] call = ["drift", "stream", "errors.csv", "--column", "error", "--detector", "ddm", "--time", "day", "--state", "state.json"];
        var (code, output, error) = await RunAsync(call);
        Assert.True(code == ExitCode.Done, error);
        Assert.Contains("ddm on 'error': 1,000 rows.", output);
        Assert.Contains("No change.", output);

        Write(1400);
        (code, output, error) = await RunAsync([.. call, "--json", "--fail-on-drift"]);
        Assert.True(code == ExitCode.GateSaidNo, error);
        var result = JsonNode.Parse(output)!;
        Assert.Equal((1000, 1400), ((long)result["skippedRows"]!, (long)result["rows"]!));
        var drift = result["detections"]!.AsArray().First(found => (string?)found!["state"] == "Drift")!;
        Assert.InRange((long)drift["row"]!, 1001, 1100);
        Assert.StartsWith("2025-", (string?)drift["time"]);

        (code, _, error) = await RunAsync("drift", "stream", "errors.csv", "--column", "error", "--detector", "adwin", "--state", "state.json");
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("is the state of 'ddm' on the column 'error'", error);
    }

    [Theory]
    [InlineData("Did you mean 'adwin'?", "--detector", "adwim")]
    [InlineData("'delta' of 'adwin' is a number from 0 to 1", "--set", "delta", "7")]
    [InlineData("--set takes an option and a number", "--set", "delta", "small")]
    public async Task Stream_WrongOption_SaysWhatIsAllowed(string expected, params string[] options)
    {
        Write(100);
        var (code, _, error) = await RunAsync(["drift", "stream", "errors.csv", "--column", "error", .. options]);
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains(expected, error);
    }

    private Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments) => WorkbenchProcess.RunAsync(_folder, Limit, arguments);

    private void Write(int rows) => File.WriteAllLines(Path.Combine(_folder, "errors.csv"),
        ["day,error", .. Enumerable.Range(0, rows).Select(row => $"{new DateOnly(2025, 1, 1).AddDays(row / 10):yyyy-MM-dd},{(row % (row < 1000 ? 10 : 2) == 0 ? 1 : 0)}")]);
}
