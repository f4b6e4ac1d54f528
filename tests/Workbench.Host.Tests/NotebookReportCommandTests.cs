using Workbench.Notebooks.Format;

namespace Workbench.Host.Tests;

public sealed class NotebookReportCommandTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("workbench-pages-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Render_WithTitleAndCode_WritesThePage()
    {
        Save("a.ipynb", "int shown = 1;");

        var (code, _, error) = await WorkbenchProcess.RunAsync(_folder.FullName, Limit, "notebook", "render", "a.ipynb", "deep/a.html", "--title", "For <review>", "--show-code");

        Assert.True(code == 0, error);
        var page = File.ReadAllText(Path.Combine(_folder.FullName, "deep", "a.html"));
        Assert.Contains("<title>For &lt;review&gt;</title>", page, StringComparison.Ordinal);
        Assert.Contains("<details class=\"source\" open>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Render_OverItsNotebook_IsRefused()
    {
        Save("a.ipynb", "1");

        var (code, _, error) = await WorkbenchProcess.RunAsync(_folder.FullName, Limit, "notebook", "render", "a.ipynb", "./a.ipynb");

        Assert.Equal(1, code);
        Assert.Contains("would overwrite the notebook", error, StringComparison.Ordinal);
        Assert.Single(NotebookDocument.Load(Path.Combine(_folder.FullName, "a.ipynb")).Cells);
    }

    [Fact]
    public async Task Compare_TwoNotebooks_WritesBesideTheSecond()
    {
        Save("a.ipynb", "1");
        Save("b.ipynb", "2");

        var (code, output, error) = await WorkbenchProcess.RunAsync(_folder.FullName, Limit, "notebook", "compare", "a.ipynb", "b.ipynb");

        Assert.True(code == 0, error);
        Assert.Contains("b.compare.html", output, StringComparison.Ordinal);
        Assert.Contains("<del>- 1</del><ins>+ 2</ins>", File.ReadAllText(Path.Combine(_folder.FullName, "b.compare.html")), StringComparison.Ordinal);
    }

    private void Save(string name, string source)
    {
        var document = NotebookDocument.Create();
        document.Cells.Add(NotebookCell.Code("c", source));
        document.Save(Path.Combine(_folder.FullName, name));
    }
}
