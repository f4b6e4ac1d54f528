using System.Diagnostics;
using System.Text.Json.Nodes;
using Workbench.Data;
using Workbench.Notebooks.Format;
using Workbench.Notebooks.Running;

namespace Workbench.Notebooks.Tests.Running;

public sealed class NotebookRunnerTests : IDisposable
{
    private readonly TestFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task RunAsync_Parameters_AreInjectedBehindTheirCell()
    {
        var path = _files.Notebook(
            ("parameters", "int epochs = 3;\ndouble rate = 0.1;\nstring name = \"a\";"),
            ("", "$\"{epochs} {rate} {name}\""),
            ("", "display(\"first\"); var shown = display(\"0 %\"); Console.WriteLine(\"x\"); Console.WriteLine(\"y\");"),
            ("", "shown.Update(\"100 %\");"));
        var steps = new List<NotebookProgress>();

        var result = await NotebookRunner.RunAsync(
            Request(path) with { Parameters = new Dictionary<string, JsonNode?> { ["rate"] = 1, ["name"] = "say \"hi\"\n", ["epochs"] = "7" } }, new Collect(steps));

        Assert.True(result.Succeeded, result.Error?.ToString());
        var cells = NotebookDocument.Load(result.OutputPath).Cells;
        Assert.True(cells[1].HasTag("injected-parameters"));
        Assert.Contains("double rate = 1d;", cells[1].Source, StringComparison.Ordinal);
        Assert.Equal("7 1 say \"hi\"\n", cells[2].Outputs[0]?["data"]?["text/plain"]?.ToString());
        Assert.Equal("100 %", cells[3].Outputs[1]?["data"]?["text/plain"]?.ToString()); // updated by the later cell
        Assert.Equal("x\ny\n", cells[3].Outputs[2]?["text"]?.ToString());
        Assert.Equal("completed", cells[4].Metadata["papermill"]?["status"]?.ToString());
        Assert.Equal(NotebookHash.Of(NotebookDocument.Load(path)), result.Hash);
        Assert.Equal(new NotebookProgress(5, 5, null), steps[^1]);
    }

    [Fact]
    public async Task RunAsync_UnknownParameter_IsRefusedBeforeAnythingRuns()
    {
        var path = _files.Notebook(("parameters", "int epochs = 3;\nvar rate = 0.1;"));

        var failure = await Assert.ThrowsAsync<DataException>(() => NotebookRunner.RunAsync(Request(path) with { Parameters = new Dictionary<string, JsonNode?> { ["epoch"] = 1 } }));

        Assert.Contains("no parameter 'epoch'. Did you mean 'epochs'? Known: epochs, rate.", failure.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_files.At("out.ipynb")));
    }

    [Fact]
    public async Task RunAsync_MisfittingParameter_NamesItAndItsType()
    {
        var path = _files.Notebook(("parameters", "int epochs = 3;"));

        var failure = await Assert.ThrowsAsync<DataException>(() => NotebookRunner.RunAsync(Request(path) with { Parameters = new Dictionary<string, JsonNode?> { ["epochs"] = "many" } }));

        Assert.Contains("'epochs'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("'many' is no int", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_FailingCell_KeepsThePartAndMarksIt()
    {
        var path = _files.Notebook(("raises-exception", "throw new Exception(\"meant\");"), ("", "var a = 1;\nthrow new ArgumentException(\"bad\");"), ("", "Console.WriteLine(\"never\");"));

        var result = await NotebookRunner.RunAsync(Request(path));

        Assert.Equal((NotebookErrorKind.Cell, "c2", 2, "System.ArgumentException", "bad"), (result.Error!.Kind, result.Error.CellId, result.Error.ExecutionCount, result.Error.Name, result.Error.Message));
        Assert.Contains(result.Error.Traceback, line => line.Contains("Cell[2]:line 2", StringComparison.Ordinal));
        var saved = NotebookDocument.Load(result.OutputPath);
        Assert.Contains("An Exception was encountered", saved.Cells[0].Source, StringComparison.Ordinal);
        Assert.True(saved.Cells[2].HasTag(CellTags.ErrorMarker)); // before the failed cell
        Assert.Equal("failed", saved.Cells[3].Metadata["papermill"]?["status"]?.ToString());
        Assert.Equal("pending", saved.Cells[4].Metadata["papermill"]?["status"]?.ToString());
        Assert.Empty(saved.Cells[4].Outputs);
    }

    [Fact]
    public async Task RunAsync_KernelKilled_FailsWithinTenSeconds()
    {
        var path = _files.Notebook(("", "Console.WriteLine(\"before\");"), ("", "System.Diagnostics.Process.GetCurrentProcess().Kill();\nThread.Sleep(-1);"));
        var result = await NotebookRunner.RunAsync(Request(path));

        Assert.Equal(NotebookErrorKind.KernelDied, result.Error!.Kind);
        Assert.Equal("c2", result.Error.CellId);
        Assert.Contains("137", result.Error.Message, StringComparison.Ordinal); // 128 + SIGKILL
        var saved = NotebookDocument.Load(result.OutputPath);
        Assert.Equal("before\n", saved.Cells.Single(cell => cell.Id == "c1").Outputs[0]?["text"]?.ToString());
        AssertEndedSoonAfter(saved, TimeSpan.Zero);
    }

    [Theory]
    [InlineData("Console.WriteLine(\"here\"); await Task.Delay(-1);")]
    [InlineData("Console.WriteLine(\"here\"); System.Runtime.InteropServices.Marshal.GetDelegateForFunctionPointer<Action>(System.Runtime.InteropServices.NativeLibrary.GetExport(System.Runtime.InteropServices.NativeLibrary.Load(\"libc.so.6\"), \"pause\"))();")]
    public async Task RunAsync_CellPastItsTimeout_FailsWithinTenSeconds(string source)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || !source.Contains("libc", StringComparison.Ordinal), "Waits in a Linux library.");
        var path = _files.Notebook(("", "1"), ("", source));

        var result = await NotebookRunner.RunAsync(Request(path) with { CellTimeout = TimeSpan.FromSeconds(2) });

        Assert.Equal(NotebookErrorKind.Timeout, result.Error!.Kind);
        Assert.Contains("00:00:02", result.Error.Message, StringComparison.Ordinal);
        AssertEndedSoonAfter(NotebookDocument.Load(result.OutputPath), TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task RunAsync_Cancelled_EndsTheKernel()
    {
        var path = _files.Notebook(("", "Console.WriteLine(Environment.ProcessId);"), ("", "Thread.Sleep(-1);"));
        using var stop = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => NotebookRunner.RunAsync(Request(path), new CancelAt(1, stop), stop.Token));

        var saved = NotebookDocument.Load(_files.At("out.ipynb"));
        int kernel = int.Parse(saved.Cells.Single(cell => cell.Id == "c1").Outputs[0]!["text"]!.ToString(), System.Globalization.CultureInfo.InvariantCulture);
        Assert.Throws<ArgumentException>(() => Process.GetProcessById(kernel));
        Assert.Contains("An Exception was encountered", saved.Cells[0].Source, StringComparison.Ordinal);
        Assert.Equal("failed", saved.Cells.Single(cell => cell.Id == "c2").Metadata["papermill"]?["status"]?.ToString());
    }

    [Fact]
    public async Task RunAsync_KernelThatFails_SaysWhatItPrinted()
    {
        var path = _files.Notebook(("", "1"));

        var result = await NotebookRunner.RunAsync(Request(path) with { KernelCommand = ["/bin/sh", "-c", "echo broken pipe dream >&2; exit 3", "{connection_file}"] });

        Assert.Equal(NotebookErrorKind.KernelStart, result.Error!.Kind);
        Assert.Contains("exit code 3", result.Error.Message, StringComparison.Ordinal);
        Assert.Contains("broken pipe dream", result.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_KernelNotInstalled_ListsTheInstalled()
    {
        var path = _files.Notebook(("", "1"));

        var failure = await Assert.ThrowsAsync<DataException>(() => NotebookRunner.RunAsync(Request(path) with { KernelCommand = null, KernelName = "cobol" }));

        Assert.Contains("No Jupyter kernel 'cobol' is installed. Installed:", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_PythonKernel_RunsWithPythonLiterals()
    {
        Assert.SkipUnless(File.Exists("/usr/share/jupyter/kernels/python3/kernel.json"), "python3-ipykernel is not installed.");
        var document = NotebookDocument.Create();
        document.Metadata["kernelspec"] = new JsonObject { ["name"] = "python3", ["display_name"] = "Python 3", ["language"] = "python" };
        document.Metadata["language_info"] = new JsonObject { ["name"] = "python" };
        document.Cells.Add(NotebookCell.Code("p", "flag = False\nnames: list = []", "parameters"));
        document.Cells.Add(NotebookCell.Code("x", "print(flag, names)"));
        document.Save(_files.At("python.ipynb"));

        var result = await NotebookRunner.RunAsync(Request(_files.At("python.ipynb")) with
        {
            KernelCommand = null,
            Parameters = new Dictionary<string, JsonNode?> { ["flag"] = true, ["names"] = new JsonArray("a", null) },
        });

        Assert.True(result.Succeeded, result.Error?.ToString());
        Assert.Equal("True ['a', None]\n", result.Document.Cells[^1].Outputs[0]?["text"]?.ToString());
    }

    internal static Task<NotebookRunResult> RunAsync(string input, string output) =>
        NotebookRunner.RunAsync(new() { InputPath = input, OutputPath = output, KernelCommand = TestFiles.KernelCommand });

    private NotebookRunRequest Request(string path) => new() { InputPath = path, OutputPath = _files.At("out.ipynb"), KernelCommand = TestFiles.KernelCommand };

    // The run's own record: from the start of the last cell that began to the end of the run.
    private static void AssertEndedSoonAfter(NotebookDocument saved, TimeSpan limit)
    {
        var started = saved.Cells.Select(cell => cell.Metadata["papermill"]?["start_time"]?.ToString()).OfType<string>().Max(StringComparer.Ordinal);
        var ended = saved.Metadata["papermill"]!["end_time"]!.ToString();
        var taken = DateTimeOffset.Parse(ended, System.Globalization.CultureInfo.InvariantCulture) - DateTimeOffset.Parse(started!, System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(taken - limit, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    private sealed class Collect(List<NotebookProgress> steps) : IProgress<NotebookProgress>
    {
        public void Report(NotebookProgress value) => steps.Add(value);
    }

    private sealed class CancelAt(int cell, CancellationTokenSource stop) : IProgress<NotebookProgress>
    {
        public void Report(NotebookProgress value)
        {
            if (value.CellsDone == cell)
                stop.Cancel();
        }
    }
}
