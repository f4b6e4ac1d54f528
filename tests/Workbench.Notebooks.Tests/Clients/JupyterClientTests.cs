using System.Diagnostics;
using Workbench.Notebooks.Format;
using Workbench.Notebooks.Kernel;

namespace Workbench.Notebooks.Tests.Clients;

/// <summary>Our kernel and our files under the clients that people use, from Debian's packages.</summary>
[Collection("jupyter")] // one after another: each starts kernels, and the machine may have two cores
public sealed class JupyterClientTests : IDisposable
{
    private const string Python = "/usr/bin/python3";

    private readonly TestFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task KernelSuite_JupyterKernelTest_Passes()
    {
        var output = await RunAsync("jupyter_kernel_test", "kernel_suite.py");

        Assert.Contains("Ran 12 tests", output, StringComparison.Ordinal);
        Assert.Contains("OK (skipped=1)", output, StringComparison.Ordinal); // the pager, which we have none of
    }

    [Fact]
    public async Task KernelBehaviour_JupyterClient_Passes() =>
        Assert.Contains("ok check_dead_parent", await RunAsync("jupyter_client", "kernel_behaviour.py"), StringComparison.Ordinal);

    [Fact]
    public async Task Hello_NbClient_RunsToItsEnd()
    {
        var output = _files.At("hello.ipynb");
        await RunAsync("nbclient", "nbclient_run.py", Path.Combine(TestFiles.Repository, "notebooks", "00-hello.ipynb"), output);

        var last = NotebookDocument.Load(output).Cells[^1];
        Assert.Equal("500 customers in 12 months", MultilineText.Read(last.Outputs[0]?["data"]?["text/plain"]));
    }

    [Fact]
    public async Task ClassicPage_Chromium_ShowsTableChartAndMovingProgress()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/chromium"), "chromium is not installed.");
        var path = _files.Notebook(
            ("", "new[] { new { Id = 1, Name = \"a\" }, new { Id = 2, Name = \"b\" } }"),
            ("", "Chart.Bar(\"Customers\", \"plan\", \"count\", new[] { \"basic\", \"flex\" }, new[] { 3.0, 5.0 })"),
            ("", "var bar = Display.Progress(\"work\", 20);\nfor (int i = 1; i <= 20; i++) { bar.Report(i, $\"loss {1.0 / i:F2}\"); await Task.Delay(120); }"));
        var output = await RunAsync("notebook", "classic_notebook.py", path, _files.At("page.png"));
        var seen = System.Text.Json.Nodes.JsonNode.Parse(output.Split('\n').Last(line => line.StartsWith('{')))!; // the script ends with it

        Assert.Equal(0, (int)seen["errors"]!);
        Assert.Equal(2, (int)seen["tables"]!);
        Assert.True((int)seen["charts"]! >= 1, output);
        Assert.Equal(1, (double)seen["progress"]!);
        Assert.True((int)seen["moved"]! > 3, output);
    }

    [Fact]
    public async Task Saved_NbFormat_IsValid()
    {
        var path = _files.Notebook(("parameters", "int a = 1;"), ("", "a"));
        await Running.NotebookRunnerTests.RunAsync(path, _files.At("out.ipynb"));

        await RunAsync("nbformat", "-c", $"import nbformat; nbformat.validate(nbformat.read('{_files.At("out.ipynb")}', as_version=4))");
    }

    private async Task<string> RunAsync(string module, params string[] arguments)
    {
        Assert.SkipUnless(File.Exists(Python), $"{Python} is not installed.");
        var (found, _) = await StartAsync(["-c", $"import {module}"]);
        Assert.SkipUnless(found == 0, $"The Python module {module} is not installed (apt-get install jupyter-client python3-nbclient python3-jupyter-kernel-test).");
        KernelSpec.Install(TestFiles.KernelCommand, _files.At("kernels"));
        if (arguments[0].EndsWith(".py", StringComparison.Ordinal))
            arguments[0] = Path.Combine(TestFiles.Repository, "tests", "Workbench.Notebooks.Tests", "Clients", arguments[0]);
        var (exitCode, output) = await StartAsync(arguments);
        Assert.True(exitCode == 0, output);
        return output;
    }

    private async Task<(int ExitCode, string Output)> StartAsync(string[] arguments)
    {
        var info = new ProcessStartInfo(Python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _files.Folder };
        info.Environment["JUPYTER_PATH"] = _files.Folder;
        info.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        using var process = Process.Start(info) ?? throw new InvalidOperationException($"{Python} does not start.");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output + await errors);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
