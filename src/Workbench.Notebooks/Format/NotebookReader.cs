using System.Text.Json.Nodes;

namespace Workbench.Notebooks.Format;

/// <summary>Checks the shape of a notebook's JSON and gives ids to cells that lack one.</summary>
internal static class NotebookReader
{
    public static List<NotebookCell> ReadCells(JsonObject root, string origin)
    {
        RequireVersion(root, origin);
        if (root["cells"] is not JsonArray items)
            throw NotebookDocument.Damaged(origin, "it has no list 'cells'");
        var cells = new List<NotebookCell>();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (int index = 0; index < items.Count; index++)
            cells.Add(ReadCell(items[index], index, ids, origin));
        root["nbformat_minor"] = Math.Max(5, (int?)root["nbformat_minor"] ?? 5);
        return cells;
    }

    private static void RequireVersion(JsonObject root, string origin)
    {
        if (root["nbformat"] is not JsonValue value || !value.TryGetValue(out int major))
            throw NotebookDocument.Damaged(origin, "it has no number 'nbformat'");
        if (major != 4)
            throw NotebookDocument.Damaged(origin, $"it is nbformat {major}, and only 4 is read");
    }

    private static NotebookCell ReadCell(JsonNode? node, int index, HashSet<string> ids, string origin)
    {
        if (node is not JsonObject json)
            throw NotebookDocument.Damaged(origin, $"cell {index + 1} is no object");
        if (json["cell_type"]?.ToString() is not ("code" or "markdown" or "raw"))
            throw NotebookDocument.Damaged(origin, $"cell {index + 1} has cell_type '{json["cell_type"]}', known are code, markdown and raw");
        if (json["source"] is null or JsonObject)
            throw NotebookDocument.Damaged(origin, $"cell {index + 1} has no 'source' text");
        var cell = new NotebookCell((JsonObject)json.DeepClone());
        if (cell.Json["id"]?.ToString() is not { Length: > 0 } id || !ids.Add(id))
        {
            cell.Json["id"] = NotebookCell.DeriveId(index, cell.Source);
            ids.Add(cell.Id);
        }
        return cell;
    }
}
