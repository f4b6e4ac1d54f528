using Workbench.Notebooks.Format;

namespace Workbench.Notebooks.Tests.Format;

public sealed class NotebookHashTests
{
    [Fact]
    public void Of_OutputsTextAndInjectedCell_DoNotCount()
    {
        var original = Build("1 + 1", "a");
        var executed = original.Clone();
        executed.Cells[0].ExecutionCount = 5;
        executed.Cells[0].Outputs.Add(new System.Text.Json.Nodes.JsonObject { ["output_type"] = "stream", ["text"] = "2" });
        executed.Cells.Add(NotebookCell.Markdown("m", "# A note"));
        executed.Cells.Add(NotebookCell.Code("i", "var x = 1;", CellTags.InjectedParameters));

        Assert.Equal(NotebookHash.Of(original), NotebookHash.Of(executed));
    }

    [Fact]
    public void Of_SourceTagOrKernelChanged_Differs()
    {
        var hashes = new[] { Build("1 + 1", "a"), Build("1 + 2", "a"), Build("1 + 1", "b"), Kernel(Build("1 + 1", "a"), "other") }.Select(NotebookHash.Of).ToList();

        Assert.Equal(4, hashes.Distinct().Count());
        Assert.Matches("^sha256:[0-9a-f]{64}$", hashes[0].Value);
    }

    [Fact]
    public void Of_TextMovedBetweenCells_Differs()
    {
        var first = NotebookDocument.Create();
        first.Cells.Add(NotebookCell.Code("a", "ab"));
        first.Cells.Add(NotebookCell.Code("b", "c"));
        var second = NotebookDocument.Create();
        second.Cells.Add(NotebookCell.Code("a", "a"));
        second.Cells.Add(NotebookCell.Code("b", "bc"));

        Assert.NotEqual(NotebookHash.Of(first), NotebookHash.Of(second));
    }

    private static NotebookDocument Build(string source, string tag)
    {
        var document = NotebookDocument.Create();
        document.Cells.Add(NotebookCell.Code("c", source, tag));
        return document;
    }

    private static NotebookDocument Kernel(NotebookDocument document, string name)
    {
        document.Metadata["kernelspec"]!["name"] = name;
        return document;
    }
}
