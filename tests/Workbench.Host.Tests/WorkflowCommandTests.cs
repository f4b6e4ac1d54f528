namespace Workbench.Host.Tests;

/// <summary>The commands about definitions, through the real executable.</summary>
public sealed class WorkflowCommandTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly string _folder = Directory.CreateTempSubdirectory("workbench-test-").FullName;

    [Fact]
    public async Task ImportDiffExport_TwoVersions_TellWhatChanged()
    {
        var (first, second) = (Write("first.json", "0 2 * * *"), Write("second.json", "0 3 * * *"));
        Assert.Equal(0, (await RunAsync("publish", first)).Code);
        Assert.Contains("nightly v2 is a draft", (await RunAsync("import", second)).Output);
        var diff = await RunAsync("diff", "nightly@1", "nightly", "--fail-on-difference");
        Assert.Equal(3, diff.Code);
        Assert.Contains("~ activity 'cron' cronExpression: \"0 2 * * *\" -> \"0 3 * * *\"", diff.Output);
        Assert.Equal(0, (await RunAsync("diff", first, "nightly@1", "--fail-on-difference")).Code);
        Assert.Contains("nightly-2 v1 is a draft", (await RunAsync("import", second, "--mode", "new")).Output);
        var zip = Path.Combine(_folder, "all.zip");
        Assert.Equal(0, (await RunAsync("export", "nightly", "nightly-2", "-o", zip)).Code);
        Assert.Contains("nightly v2 is a draft", (await RunAsync("import", zip)).Output);
        var unknown = await RunAsync("export", "nightly@9");
        Assert.Equal(1, unknown.Code);
        Assert.Contains("nightly (v1 to v2)", unknown.Error);
    }

    [Fact]
    public async Task Validate_BadCron_IsRefused()
    {
        var (code, _, error) = await WorkbenchProcess.RunAsync(_folder, Limit, "workflow", "validate", Write("bad.json", "99 99 * * *"));
        Assert.Equal(1, code);
        Assert.Contains("99 99 * * *", error);
    }

    [Fact]
    public async Task Activities_OfAType_TellsWhatThePaletteTells()
    {
        var (code, output, _) = await WorkbenchProcess.RunAsync(_folder, Limit, "workflow", "activities", "Workbench.Evaluate");
        Assert.Equal(0, code);
        Assert.Contains("One of Accuracy, Precision, Recall, F1, RocAuc.", output);
        Assert.Contains("(required)", output);
    }

    private string Write(string name, string cron)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, """
            {"definitionId":"nightly","name":"nightly","root":{"type":"Elsa.Flowchart","activities":[
              {"id":"cron","type":"Elsa.Cron","cronExpression":{"typeName":"String","expression":{"type":"Literal","value":"CRON"}}}]}}
            """.Replace("CRON", cron));
        return path;
    }

    private Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments) =>
        WorkbenchProcess.RunAsync(_folder, Limit, ["workflow", .. arguments, "--data", Path.Combine(_folder, "data")]);
}
