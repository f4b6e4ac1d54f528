namespace Workbench.Notebooks.Format;

/// <summary>Ids for cells that a run adds; nbformat wants each id once in a notebook.</summary>
internal static class CellIds
{
    /// <summary><paramref name="wanted"/>, or with a number behind it where a cell has that id already.</summary>
    public static string FreeId(this NotebookDocument document, string wanted)
    {
        var taken = document.Cells.Select(cell => cell.Id).ToHashSet(StringComparer.Ordinal);
        return Enumerable.Range(2, int.MaxValue - 2).Select(number => $"{wanted}-{number}").Prepend(wanted).First(id => !taken.Contains(id));
    }
}
