using System.Diagnostics;
using System.Text.Json.Nodes;
using Workbench.Data;
using Workbench.Registry;

namespace Workbench.Host.Tests;

/// <summary><c>workbench notebook run</c> as a user types it, with its record in the registry.</summary>
public sealed class NotebookRunCommandTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);
    private readonly string _folder = Directory.CreateTempSubdirectory("workbench-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Run_WithParametersFromEverySource_LaterOnesWinAndTheRunIsRecorded()
    {
        Write("n.ipynb", "C#", ".net-csharp", ("parameters", "int a = 1; int b = 1; int c = 1; string d = \"\"; string file = \"rows.csv\";"),
            ("", "Console.Write($\"{a} {b} {c} {d} {Environment.GetEnvironmentVariable(\"WORKBENCH_RUN_ID\")}\");"));
        await File.WriteAllTextAsync(At("rows.csv"), "a\n1\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(At("p.yaml"), "a: 2\nb: 2\nc: 2\n", TestContext.Current.CancellationToken);

        // The paths stand behind -p, as papermill's users write them.
        var (code, output, error) = await RunAsync("-f", "p.yaml", "-y", "b: 3", "-p", "c", "4", "-r", "d", "007", "n.ipynb", "out.ipynb", "--log-output");

        Assert.True(code == ExitCode.Done, error);
        var run = Assert.Single(await Registry.ListRunsAsync("n", cancellationToken: TestContext.Current.CancellationToken));
        Assert.Contains($"2 3 4 007 {run.Id}", output, StringComparison.Ordinal);
        Assert.Equal(RunStatus.Finished, run.Status);
        Assert.Equal(("2", "3", "4", "007", "rows.csv"), (run.Parameters["a"], run.Parameters["b"], run.Parameters["c"], run.Parameters["d"], run.Parameters["file"]));
        var facts = Read("out.ipynb")["metadata"]!["workbench"]!["run"]!;
        Assert.Equal(run.Id.Value, facts["id"]!.ToString());
        Assert.Equal(run.Tags["workbench.notebookHash"], facts["notebookHash"]!.ToString());
        // printf 'a\n1\n' | sha256sum
        Assert.Equal("sha256:309b0e45a73d3fc5325e2b6ed0a01ef8b9cde6b05a5633c1f893f970d52bfddc", facts["data"]!["rows.csv"]!.ToString());
        Assert.True(File.Exists(Registry.Artifacts.PathOf(new ArtifactId(run.Tags["workbench.executedNotebook"]))));
    }

    [Fact]
    public async Task Run_FailingCell_EndsWithOneAndIsRecordedAsFailed()
    {
        Write("n.ipynb", "C#", "workbench-csharp", ("", "throw new Exception(\"bad\");"));

        var (code, output, _) = await RunAsync("n.ipynb", "out.ipynb", "--experiment", "mine");

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("In [1]: System.Exception: bad", output, StringComparison.Ordinal);
        Assert.Equal("bad", Assert.Single(await Registry.ListRunsAsync("mine", cancellationToken: TestContext.Current.CancellationToken)).Tags["workbench.error"].Split(": ")[^1]);
    }

    [Theory]
    [InlineData(ExitCode.Failed, "Did you mean 'epochs'? Known: epochs.", "n.ipynb", "out.ipynb", "-p", "epoch", "1")]
    [InlineData(ExitCode.Failed, "'many' is no int", "n.ipynb", "out.ipynb", "-p", "epochs", "many")]
    [InlineData(ExitCode.Failed, "--in-place", "n.ipynb", "n.ipynb")]
    [InlineData(ExitCode.Failed, "no such file is below", "n.ipynb", "out.ipynb", "--cwd", "/")]
    [InlineData(ExitCode.WrongUse, "where the executed notebook goes", "n.ipynb")]
    [InlineData(ExitCode.WrongUse, "'soon' is no duration", "n.ipynb", "out.ipynb", "--timeout", "soon")]
    [InlineData(ExitCode.WrongUse, "'1' is no size", "n.ipynb", "out.ipynb", "--memory-limit", "1")]
    public async Task Run_WrongCall_IsRefusedBeforeAnythingRuns(int expectedCode, string expected, params string[] arguments)
    {
        Write("n.ipynb", "C#", "workbench-csharp", ("parameters", "int epochs = 1;"));
        var notebook = Read("n.ipynb");
        notebook["metadata"]!["workbench"] = new JsonObject { ["data"] = new JsonArray("n.ip*") };
        await File.WriteAllTextAsync(At("n.ipynb"), notebook.ToJsonString(), TestContext.Current.CancellationToken);

        var (code, _, error) = await RunAsync(arguments);

        Assert.Equal(expectedCode, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.False(File.Exists(At("out.ipynb")));
        Assert.Empty(await Registry.ListRunsAsync(cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Run_RunnerKilled_TheKernelDiesTheCopyIsWholeAndTheNextRunClosesTheRecord()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The guard needs setsid.");
        Write("n.ipynb", "C#", "workbench-csharp", ("", "Console.Write(Environment.ProcessId);"), ("", "Console.Write(\"in\"); await Task.Delay(File.Exists(\"again\") ? 0 : -1);"));
        var command = SelfCommand.With("notebook", "run", "n.ipynb", "out.ipynb", "--data", At("data"));
        using (var runner = Process.Start(new ProcessStartInfo(command[0], command.Skip(1)) { WorkingDirectory = _folder, RedirectStandardError = true, RedirectStandardOutput = true })!)
        {
            await UntilAsync(() => File.Exists(At("out.ipynb")) && (Read("out.ipynb")["cells"]![1]!["outputs"]!.AsArray().Count > 0));
            runner.Kill();
            await runner.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        int kernel = int.Parse(Read("out.ipynb")["cells"]![0]!["outputs"]![0]!["text"]!.ToString(), System.Globalization.CultureInfo.InvariantCulture);
        await UntilAsync(() => !IsAlive(kernel));
        Assert.Equal("running", Read("out.ipynb")["cells"]![1]!["metadata"]!["papermill"]!["status"]!.ToString());
        await File.WriteAllTextAsync(At("again"), "", TestContext.Current.CancellationToken);
        Assert.Equal(ExitCode.Done, (await RunAsync("out.ipynb", "again.ipynb", "--experiment", "n")).Code);
        var runs = await Registry.ListRunsAsync("n", cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal([RunStatus.Finished, RunStatus.Killed], runs.Select(run => run.Status));
        Assert.Contains("killed", runs[1].Tags["workbench.error"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_Notebook_ListsItsParameters()
    {
        Write("n.ipynb", "C#", "workbench-csharp", ("parameters", "int epochs = 3; // passes over the rows"));

        var (code, output, _) = await WorkbenchProcess.RunAsync(_folder, Limit, "notebook", "inspect", "n.ipynb");

        Assert.Equal(ExitCode.Done, code);
        Assert.Matches(@"epochs\s+int\s+3\s+passes over the rows", output);
    }

    private ModelRegistry Registry => ModelRegistry.Open(new DataFolder(At("data")));

    private Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments) =>
        WorkbenchProcess.RunAsync(_folder, Limit, ["notebook", "run", .. arguments, "--data", At("data")]);

    private string At(string name) => Path.Combine(_folder, name);

    private JsonNode Read(string name) => JsonNode.Parse(File.ReadAllText(At(name)))!;

    private void Write(string name, string language, string kernel, params (string Tag, string Source)[] cells) => File.WriteAllText(At(name), new JsonObject
    {
        ["cells"] = new JsonArray(cells.Select((cell, index) => (JsonNode?)new JsonObject
        {
            ["cell_type"] = "code", ["id"] = $"c{index}", ["metadata"] = cell.Tag.Length > 0 ? new JsonObject { ["tags"] = new JsonArray(cell.Tag) } : new JsonObject(),
            ["execution_count"] = null, ["outputs"] = new JsonArray(), ["source"] = cell.Source,
        }).ToArray()),
        ["metadata"] = new JsonObject { ["kernelspec"] = new JsonObject { ["name"] = kernel, ["display_name"] = kernel, ["language"] = language } },
        ["nbformat"] = 4, ["nbformat_minor"] = 5,
    }.ToJsonString());

    private static bool IsAlive(int process) => File.Exists($"/proc/{process}/stat") && !File.ReadAllText($"/proc/{process}/stat").Contains(") Z", StringComparison.Ordinal);

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!condition())
            await Task.Delay(100, deadline.Token);
    }
}
