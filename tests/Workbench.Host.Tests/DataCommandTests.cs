using System.Text.Json.Nodes;

namespace Workbench.Host.Tests;

/// <summary><c>workbench data</c> as a user types it, on the sample data.</summary>
public sealed class DataCommandTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);
    private static readonly string Months = Path.Combine(Checkout.Root, "data", "samples", "churn", "2024-*.parquet");
    private readonly string _folder = Directory.CreateTempSubdirectory("workbench-test-").FullName;

    [Fact]
    public async Task ExpectAndCheck_NormalAndChangedMonth_PassAndFail()
    {
        var file = Path.Combine(_folder, "expectations.yaml");
        var (wrote, said, error) = await RunAsync("data", "expect", Months, "--out", file);
        Assert.True(wrote == ExitCode.Done, error);
        Assert.Contains($"expectations to {file}", said);

        var (good, normal, _) = await RunAsync("data", "check", Month("2024-12"), "--expectations", file);
        Assert.Equal(ExitCode.Done, good);
        Assert.Contains("Every expectation is kept.", normal);

        // From 2025-01 on there is the plan "flex", as the data's README says.
        var html = Path.Combine(_folder, "report.html");
        var (bad, changed, _) = await RunAsync("data", "check", Month("2025-01"), "-e", file, "--reference", Months, "--key", "row_id", "--html", html);
        Assert.Equal(ExitCode.GateSaidNo, bad);
        Assert.Contains("one of 'basic', 'standard', 'premium' in 99 %", changed);
        Assert.Contains("(14.6 %): flex", changed);
        Assert.Contains("'plan' has a category that the reference lacks, in 14.6 % of the rows: 'flex'.", changed);
        Assert.Contains("1 error, 1 warning", changed);
        Assert.Contains("flex", await File.ReadAllTextAsync(html, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Check_Json_HoldsBothReports()
    {
        var file = Path.Combine(_folder, "two.yaml");
        await File.WriteAllTextAsync(file, "columns: {sessions: {range: [0, 5]}, plan: {values: {allowed: [basic], severity: warn}}}", TestContext.Current.CancellationToken);

        var (code, output, _) = await RunAsync("data", "check", Month("2024-01"), "-e", file, "--time", "event_at", "--max-age", "7d", "--json");

        var result = JsonNode.Parse(output)!;
        Assert.Equal(ExitCode.GateSaidNo, code);
        Assert.Equal((false, 2, 1), ((bool)result["passed"]!, (int)result["errors"]!, (int)result["warnings"]!)); // the range, the age; the plan
        Assert.Equal(4, result["expectations"]!["results"]!.AsArray().Count); // both columns are there, two rules
        Assert.Contains(result["quality"]!["findings"]!.AsArray(), finding => (string?)finding!["check"] == "Freshness");
    }

    [Theory]
    [InlineData(ExitCode.WrongUse, "--max-age needs --time", "--max-age", "1d")]
    [InlineData(ExitCode.WrongUse, "--max-age 'soon' is no duration", "--time", "event_at", "--max-age", "soon")]
    [InlineData(ExitCode.Failed, "Did you mean 'row_id'?", "--key", "rowid")]
    [InlineData(ExitCode.Failed, "Cannot read the expectations 'none.yaml'", "-e", "none.yaml")]
    public async Task Check_WrongUse_SaysWhatIsRight(int expected, string message, params string[] arguments)
    {
        var (code, _, error) = await RunAsync(["data", "check", Month("2024-01"), .. arguments]);

        Assert.Equal(expected, code);
        Assert.Contains(message, error);
    }

    [Fact]
    public async Task Check_Strict_FailsByAWarning()
    {
        string[] check = ["data", "check", Month("2025-01"), "--reference", Months];

        Assert.Equal(ExitCode.Done, (await RunAsync(check)).Code);
        var (code, output, _) = await RunAsync([.. check, "--strict"]);
        Assert.Equal(ExitCode.GateSaidNo, code);
        Assert.Contains("1 warning, which fail too", output);
    }

    [Fact]
    public async Task CompareAndTune_BrokenExpectations_TrainNothing()
    {
        var file = Path.Combine(_folder, "strict.yaml");
        await File.WriteAllTextAsync(file, "columns: {sessions: {range: [0, 5]}}", TestContext.Current.CancellationToken);

        foreach (string[] command in new[] { new[] { "compare", Month("2024-01"), "--label", "churned", "-c", "linear" }, ["tune", Month("2024-01"), "--label", "churned", "--data", _folder] })
        {
            var (code, _, error) = await RunAsync([.. command, "--expectations", file]);
            Assert.Equal(ExitCode.GateSaidNo, code);
            Assert.Contains("sessions, range: 0 to 5 expected", error);
            Assert.Contains("Nothing was trained.", error);
        }
    }

    [Fact]
    public async Task Schema_Printed_IsTheLibrarys()
    {
        var (code, output, _) = await RunAsync("data", "schema");

        Assert.Equal(ExitCode.Done, code);
        Assert.Equal("Workbench expectations", (string?)JsonNode.Parse(output)!["title"]);
    }

    private static string Month(string month) => Path.Combine(Checkout.Root, "data", "samples", "churn", month + ".parquet");

    private Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments) => WorkbenchProcess.RunAsync(_folder, Limit, arguments);
}
