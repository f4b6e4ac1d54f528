namespace Workbench.Host.Tests;

public sealed class CommandLineTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("serv", "Did you mean 'serve'?")]
    [InlineData("modle", "Did you mean 'model'?")]
    [InlineData("xyzzy", "Known: alert")]
    public async Task Run_UnknownVerb_SuggestsAndEndsWithTwo(string verb, string expected)
    {
        var (code, _, error) = await RunAsync(verb);
        Assert.Equal(ExitCode.WrongUse, code);
        Assert.Contains(expected, error);
    }

    [Fact]
    public async Task Run_UnknownSubcommand_Suggests()
    {
        var (code, _, error) = await RunAsync("model", "lsit");
        Assert.Equal(ExitCode.WrongUse, code);
        Assert.Contains("Did you mean 'list'?", error);
    }

    [Fact]
    public async Task Run_MissingFile_SaysWhichAndEndsWithOne()
    {
        var (code, _, error) = await RunAsync("drift", "/nowhere/a.parquet", "/nowhere/b.parquet");
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("/nowhere/a.parquet", error);
    }

    [Fact]
    public async Task Run_DataFolderThatCannotBeWritten_SaysWhichAndWhatToDo()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs /proc as a folder that nobody can write");
        var (code, _, error) = await RunAsync("model", "list", "--data", "/proc/workbench");
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("/proc/workbench", error);
        Assert.Contains("--data", error);
    }

    [Fact]
    public async Task Run_DemoIntoAFolderThatIsNotEmpty_IsRefused()
    {
        var folder = Directory.CreateTempSubdirectory("workbench-test-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "mine.txt"), "keep");
        var (code, _, error) = await RunAsync("demo", "--data", folder);
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("not empty", error);
        Assert.True(File.Exists(Path.Combine(folder, "mine.txt")));
    }

    [Fact]
    public async Task Run_ServeOnAReachableAddressWithoutKey_IsRefusedWithTheRemedy()
    {
        var (code, _, error) = await RunAsync("serve", "--address", "0.0.0.0", "--data", Directory.CreateTempSubdirectory("workbench-test-").FullName);
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("WORKBENCH_API_KEY", error);
    }

    [Fact]
    public async Task Run_ServeOnAPortInUse_SaysSo()
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port;
        var (code, _, error) = await RunAsync("serve", "--port", $"{port}", "--data", Directory.CreateTempSubdirectory("workbench-test-").FullName);
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains($"{port} is in use", error);
        Assert.Contains("--port", error);
    }

    [Fact]
    public async Task Run_PublishOfAWorkflowWithAnUnknownStep_NamesItAndTheNearest()
    {
        var folder = Directory.CreateTempSubdirectory("workbench-test-").FullName;
        var file = Path.Combine(folder, "broken.json");
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(Path.Combine(Checkout.Root, "workflows", "churn-retrain.json"))).Replace("Workbench.PromoteModel", "Workbench.PromotModel"));
        var (code, _, error) = await RunAsync("workflow", "publish", file, "--data", folder);
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("Workbench.PromotModel", error);
        Assert.Contains("Workbench.PromoteModel", error);
    }

    private static Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments) => WorkbenchProcess.RunAsync(Path.GetTempPath(), Limit, arguments);
}
