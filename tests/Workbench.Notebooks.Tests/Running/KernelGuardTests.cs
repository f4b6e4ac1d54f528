using System.Globalization;
using System.Text.Json.Nodes;
using Workbench.Data;
using Workbench.Notebooks.Format;
using Workbench.Notebooks.Protocol;
using Workbench.Notebooks.Running;

namespace Workbench.Notebooks.Tests.Running;

/// <summary>Runs on Debian's ipykernel, a client-side stranger: interrupts by signal, limits, exits, and what a kill leaves.</summary>
public sealed class KernelGuardTests : IDisposable
{
    private readonly TestFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task RunAsync_SlowPythonCell_IsInterruptedBySignal()
    {
        var result = await RunAsync(request => request with { CellTimeout = TimeSpan.FromSeconds(1) }, ("", "print('in', flush=True)\nimport time; time.sleep(60)"));

        Assert.Equal(NotebookErrorKind.Timeout, result.Error!.Kind);
        Assert.DoesNotContain("did not react", result.Error.Message, StringComparison.Ordinal);
        var outputs = result.Document.Cells.Single(cell => cell.Id == "c1").Outputs;
        Assert.Equal(["stream", "error", "error"], outputs.Select(output => output!["output_type"]!.ToString()));
        Assert.Equal(["KeyboardInterrupt", "Timeout"], outputs.Skip(1).Select(output => output!["ename"]!.ToString()));
    }

    [Fact]
    public async Task RunAsync_KernelLeavesAProcessThatHoldsItsOutput_StillFailsAtOnceAndEndsIt()
    {
        var result = await RunAsync(request => request, ("", "import subprocess, os\nchild = subprocess.Popen(['sleep', '600'])\nopen('child', 'w').write(str(child.pid))\nos.kill(os.getpid(), 9)"));

        Assert.Equal(NotebookErrorKind.KernelDied, result.Error!.Kind);
        Assert.InRange(result.Duration, TimeSpan.Zero, TimeSpan.FromSeconds(20));
        int child = int.Parse(await File.ReadAllTextAsync(_files.At("child"), TestContext.Current.CancellationToken), CultureInfo.InvariantCulture);
        await UntilDeadAsync(child);
    }

    [Fact]
    public async Task RunAsync_PastItsMemory_IsEndedWithBothFigures()
    {
        var result = await RunAsync(request => request with { MemoryLimitBytes = 300 << 20 },
            ("", "print('before')"), ("", "import time\nkept = []\nwhile True:\n    kept.append(bytearray(b'x') * 20_000_000); time.sleep(0.02)"));

        Assert.Equal((NotebookErrorKind.MemoryLimit, "c2"), (result.Error!.Kind, result.Error.CellId));
        Assert.Contains("more than the 300 MiB allowed", result.Error.Message, StringComparison.Ordinal);
        Assert.Equal("before\n", result.Document.Cells.Single(cell => cell.Id == "c1").Outputs[0]!["text"]!.ToString());
    }

    [Fact]
    public async Task RunAsync_CpuLimit_IsWhatTheKernelSees()
    {
        var result = await RunAsync(request => request with { CpuLimit = 1 }, ("", "import os; print(len(os.sched_getaffinity(0)))"));

        Assert.True(result.Succeeded, result.Error?.ToString());
        Assert.Equal("1\n", result.Document.Cells[0].Outputs[0]!["text"]!.ToString());
    }

    [Fact]
    public async Task RunAsync_TagsAndExits_AreNbclientsAndPapermills()
    {
        var result = await RunAsync(request => request with { ReportMode = true },
            ("skip-execution", "1/0"), ("raises-exception", "1/0"), ("", "import sys; sys.exit(0)"), ("", "print('never')"));

        Assert.True(result.Succeeded, result.Error?.ToString());
        Assert.Equal(["completed", "completed", "completed", "pending"], result.Document.Cells.Select(cell => cell.Metadata["papermill"]!["status"]!.ToString()));
        Assert.Empty(result.Document.Cells[0].Outputs);
        Assert.All(result.Document.Cells, cell => Assert.True((bool)cell.Metadata["jupyter"]!["source_hidden"]!));
    }

    [Fact]
    public async Task RunAsync_KernelThatNeverAnswers_FailsWithWhatItPrinted()
    {
        var folder = Directory.CreateDirectory(_files.At("share/jupyter/kernels/mute")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "kernel.json"),
            """{"argv": ["/bin/sh", "-c", "echo started in {resource_dir} with $GREETING; sleep 600", "{connection_file}"], "display_name": "Mute", "language": "python", "env": {"GREETING": "${WORKBENCH_TEST_GREETING} $$1"}}""", TestContext.Current.CancellationToken);
        Environment.SetEnvironmentVariable("WORKBENCH_TEST_GREETING", "hello");
        Environment.SetEnvironmentVariable("JUPYTER_PATH", _files.At("share/jupyter"));
        try
        {
            var result = await RunAsync(request => request with { KernelName = "mute", StartTimeout = TimeSpan.FromSeconds(1) }, ("", "1"));

            Assert.Equal(NotebookErrorKind.KernelStart, result.Error!.Kind);
            Assert.Contains($"started in {folder} with hello $1", result.Error.Message, StringComparison.Ordinal);
            Assert.Contains("did not answer within 1 s", result.Document.Cells[0].Source, StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable("JUPYTER_PATH", null);
        }
    }

    [Theory]
    [InlineData(".net-csharp", "C#")]
    [InlineData("csharp", "C#")]
    [InlineData(null, "C#")]
    public async Task RunAsync_DotNetKernelThatIsNotInstalled_RunsOnOurs(string? kernel, string language)
    {
        var path = _files.Notebook(("", "1 + 1"));
        var document = NotebookDocument.Load(path);
        document.Metadata["kernelspec"] = kernel is null ? null : new JsonObject { ["name"] = kernel, ["display_name"] = kernel, ["language"] = language };
        document.Save(path);

        var result = await NotebookRunner.RunAsync(new() { InputPath = path, OutputPath = _files.At("out.ipynb"), KernelCommand = TestFiles.KernelCommand }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.True(result.Succeeded, result.Error?.ToString());
    }

    [Fact]
    public void Prepare_PowerShellNotebook_IsRefusedByName()
    {
        var failure = Assert.Throws<DataException>(() => NotebookRunner.Prepare(new()
        {
            InputPath = _files.Notebook(("", "1")), OutputPath = _files.At("out.ipynb"), KernelName = ".net-powershell", KernelCommand = TestFiles.KernelCommand,
        }));

        Assert.Contains("PowerShell kernel '.net-powershell'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Prepare_OutputIsTheInput_IsRefused()
    {
        var path = _files.Notebook(("", "1"));

        Assert.Contains("does not change", Assert.Throws<DataException>(() => NotebookRunner.Prepare(new() { InputPath = path, OutputPath = path })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Collect_MoreThanIsKept_KeepsBothEnds()
    {
        var collector = new CellOutputCollector(longestText: 20);
        var cell = NotebookCell.Code("c", "x");
        foreach (var text in (string[])["0123456789", .. Enumerable.Repeat("----------", 10), "abcdefghij"])
            collector.Collect(cell, new JupyterMessage { Header = new() { ["msg_type"] = "stream" }, Content = new() { ["name"] = "stdout", ["text"] = text } });
        collector.Flush();

        var kept = cell.Outputs.Single()!["text"]!.ToString();
        Assert.StartsWith("0123456789\n[100 characters are left out here", kept, StringComparison.Ordinal);
        Assert.EndsWith("\nabcdefghij", kept, StringComparison.Ordinal);
    }

    private async Task<NotebookRunResult> RunAsync(Func<NotebookRunRequest, NotebookRunRequest> change, params (string Tags, string Source)[] cells)
    {
        Assert.SkipUnless(File.Exists("/usr/share/jupyter/kernels/python3/kernel.json"), "python3-ipykernel is not installed.");
        var path = _files.Notebook(cells);
        return await NotebookRunner.RunAsync(change(new() { InputPath = path, OutputPath = _files.At("out.ipynb"), KernelName = "python3", WorkingDirectory = _files.Folder }), cancellationToken: TestContext.Current.CancellationToken);
    }

    private static async Task UntilDeadAsync(int process)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (ParentProcess.IsAlive(process))
            await Task.Delay(50, deadline.Token);
    }
}
