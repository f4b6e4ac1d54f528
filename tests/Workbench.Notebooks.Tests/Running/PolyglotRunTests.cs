using Workbench.Notebooks.Format;
using Workbench.Notebooks.Promotion;
using Workbench.Notebooks.Running;

namespace Workbench.Notebooks.Tests.Running;

public sealed class PolyglotRunTests : IDisposable
{
    private readonly TestFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Run_Dib_RunsEachCellInItsLanguage()
    {
        File.WriteAllText(_files.At("n.dib"), "#!markdown\n\n# T\n\n#!csharp\n\nvar n = 3;\n\n#!sql\n\nSELECT sum(i * $n) AS total FROM range(4) r(i)\n");

        var result = await RunAsync("n.dib");

        Assert.True(result.Succeeded, result.Error?.Message);
        Assert.Contains("18", result.Document.Cells[2].Outputs.ToJsonString(), StringComparison.Ordinal); // 3 * (0 + 1 + 2 + 3)
    }

    [Fact]
    public async Task Run_LanguageOnlyInMetadata_RunsInIt()
    {
        File.WriteAllText(_files.At("n.ipynb"), """
            {"cells":[{"cell_type":"code","execution_count":null,"metadata":{"dotnet_interactive":{"language":"sql"},"polyglot_notebook":{"kernelName":"sql"}},"outputs":[],"source":["SELECT 6 * 7 AS answer"]}],
             "metadata":{"kernelspec":{"display_name":".NET (C#)","language":"C#","name":".net-csharp"},"language_info":{"name":"polyglot-notebook"}},"nbformat":4,"nbformat_minor":2}
            """);

        var result = await RunAsync("n.ipynb");

        Assert.True(result.Succeeded, result.Error?.Message);
        Assert.Contains("42", result.Document.Cells[0].Outputs.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("SELECT 6 * 7 AS answer", result.Document.Cells[0].Source); // the copy keeps the source as it was
    }

    [Fact]
    public void Promote_Dib_MakesItsSteps()
    {
        File.WriteAllText(_files.At("n.dib"), "#!csharp\n\n#!step make\nvar n = 3;\n\n#!sql\n\n#!step use\nSELECT $n AS n\n");

        var steps = NotebookSteps.Read(NotebookDocument.Load(_files.At("n.dib")), "n.dib");

        Assert.Equal(["make", "use"], steps.Select(step => step.Name));
    }

    private Task<NotebookRunResult> RunAsync(string name) => NotebookRunner.RunAsync(
        new NotebookRunRequest { InputPath = _files.At(name), OutputPath = _files.At("out.ipynb"), KernelCommand = TestFiles.KernelCommand }, cancellationToken: TestContext.Current.CancellationToken);
}
