namespace Workbench.Notebooks.Format;

/// <summary>Gathers what the cells of a notebook hold and a .dib does not.</summary>
internal sealed class DibNotes
{
    private readonly Dictionary<string, List<int>> _cells = new(StringComparer.Ordinal);

    private int _count;

    /// <summary>One line for each kind of thing, naming its cells.</summary>
    public IReadOnlyList<string> Lines => _cells.Select(pair => $"{pair.Key} of {Cells(pair.Value)}").ToList();

    /// <summary>Notes what of <paramref name="cell"/> is lost, given that <paramref name="step"/> is written.</summary>
    public void Note(NotebookCell cell, int index, string? step)
    {
        void Add(string what)
        {
            if (!_cells.TryGetValue(what, out var cells))
                _cells[what] = cells = [];
            cells.Add(index + 1);
        }

        _count++;
        if (cell.Id != NotebookCell.DeriveId(index, cell.Source))
            Add("ids");
        if (cell.Type == CellType.Code && cell.Outputs.Count > 0)
            Add("outputs");
        if (cell.Json["attachments"] is System.Text.Json.Nodes.JsonObject { Count: > 0 })
            Add("attachments");
        foreach (var tag in cell.Tags.Where(tag => step is null || !tag.StartsWith(CellTags.StepPrefix, StringComparison.Ordinal)))
            Add($"tag '{tag}'");
        foreach (var (name, _) in cell.Metadata.Where(pair => !IsKept(pair.Key, step)))
            Add($"metadata '{name}'");
    }

    private string Cells(List<int> numbers) => numbers.Count switch
    {
        1 => $"cell {numbers[0]}",
        var count when count == _count => "all cells",
        _ => $"cells {string.Join(", ", numbers)}",
    };

    // Tags are named one by one; languages are in the text; the rest is written by each run.
    private static bool IsKept(string name, string? step) =>
        name is "tags" or "polyglot_notebook" or "dotnet_interactive" or "vscode" or "papermill" or "execution" || (name == "workbench" && step is not null);
}
