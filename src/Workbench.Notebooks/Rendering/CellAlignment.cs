using Workbench.Notebooks.Format;

namespace Workbench.Notebooks.Rendering;

/// <summary>Which cell of one notebook is which of another: by id, the injected parameters by their tag, what is left by its source.</summary>
internal static class CellAlignment
{
    /// <summary>Pairs in B's order; a cell of A alone stands behind the one that it followed in A.</summary>
    public static IReadOnlyList<(NotebookCell? Left, NotebookCell? Right)> Of(NotebookDocument left, NotebookDocument right)
    {
        var open = Cells(left);
        var partners = new Dictionary<NotebookCell, NotebookCell>();
        var rest = Cells(right);
        Match(cell => cell.HasTag(CellTags.InjectedParameters) ? CellTags.InjectedParameters : null);
        Match(cell => $"{cell.Type} {cell.Id}");
        Match(cell => $"{cell.Type} {cell.Source}");

        var pairs = Cells(right).Select(cell => ((NotebookCell?)partners.GetValueOrDefault(cell), (NotebookCell?)cell)).ToList();
        NotebookCell? before = null;
        foreach (var cell in Cells(left))
        {
            if (open.Contains(cell))
                pairs.Insert(before is null ? 0 : pairs.FindIndex(pair => pair.Item1 == before) + 1, (cell, null));
            before = cell;
        }
        return pairs;

        void Match(Func<NotebookCell, string?> key)
        {
            var waiting = open.Where(cell => key(cell) is not null).GroupBy(cell => key(cell)!).ToDictionary(group => group.Key, group => new Queue<NotebookCell>(group), StringComparer.Ordinal);
            foreach (var cell in rest.ToList())
                if (key(cell) is { } name && waiting.TryGetValue(name, out var candidates) && candidates.TryDequeue(out var partner))
                {
                    partners[cell] = partner;
                    open.Remove(partner);
                    rest.Remove(cell);
                }
        }
    }

    private static List<NotebookCell> Cells(NotebookDocument document) =>
        document.Cells.Where(cell => !cell.HasTag(CellTags.ErrorMarker) && !(string.IsNullOrWhiteSpace(cell.Source) && (cell.Type != CellType.Code || cell.Outputs.Count == 0))).ToList();
}
