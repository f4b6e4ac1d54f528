using System.Text.Json.Nodes;
using Workbench.Notebooks.Format;

namespace Workbench.Notebooks.Rendering;

/// <summary>What of a cell its author wants to be seen: jupyter-book's tags, and what JupyterLab and the classic notebook folded. A failed cell hides nothing.</summary>
internal sealed record CellVisibility(bool IsRemoved, Shown Source, Shown Outputs)
{
    public static CellVisibility Of(NotebookCell cell, bool failed)
    {
        if (failed)
            return new(false, Shown.Open, Shown.Open);
        var tags = cell.Tags.Select(tag => tag.Replace('_', '-')).ToHashSet(StringComparer.Ordinal);
        return new(
            tags.Contains("remove-cell"),
            Choose(tags, ["remove-input"], ["hide-input", "hide-cell"], IsTrue(cell.Metadata["jupyter"]?["source_hidden"])),
            Choose(tags, ["remove-output"], ["hide-output", "hide-cell"], IsTrue(cell.Metadata["jupyter"]?["outputs_hidden"]) || IsTrue(cell.Metadata["collapsed"])));
    }

    private static Shown Choose(HashSet<string> tags, string[] removing, string[] folding, bool folded) =>
        removing.Any(tags.Contains) ? Shown.Not : folded || folding.Any(tags.Contains) ? Shown.Folded : Shown.Open;

    private static bool IsTrue(JsonNode? node) => node is JsonValue value && value.TryGetValue(out bool flag) && flag;
}

/// <summary>Whether a part of a cell is on the page, and how.</summary>
internal enum Shown
{
    Open,
    Folded,
    Not,
}
