using System.Text.Json.Nodes;
using Workbench.Notebooks.Format;

namespace Workbench.Notebooks.Promotion;

/// <summary>A step that is gone and a new one with a cell of it are one step with another name; its place and edits go along.</summary>
internal static class StepRenames
{
    public static IReadOnlyList<(string Before, string After)> Find(PromotionRecord last, PromotionRecord now)
    {
        var (before, after) = (Cells(last), Cells(now));
        var gone = before.Keys.Except(after.Keys).ToList();
        var renames = new List<(string, string)>();
        foreach (var step in after.Keys.Except(before.Keys))
            if (gone.Find(old => before[old].Overlaps(after[step])) is { } old && gone.Remove(old))
                renames.Add((old, step));
        return renames;
    }

    /// <summary>Calls an activity by its new id, wherever the definition names it.</summary>
    public static void Apply(JsonObject definition, string before, string after)
    {
        foreach (var activity in Items(definition, "activities").Where(activity => (string?)activity["id"] == before))
        {
            activity["id"] = after;
            if ((string?)activity["nodeId"] is { } node && node.EndsWith(":" + before, StringComparison.Ordinal))
                activity["nodeId"] = node[..^before.Length] + after;
        }
        foreach (var end in Items(definition, "connections").SelectMany(edge => new[] { edge["source"], edge["target"] }).OfType<JsonObject>())
            if ((string?)end["activity"] == before)
                end["activity"] = after;
    }

    private static Dictionary<string, HashSet<string>> Cells(PromotionRecord record) => record.Cells.Where(cell => !cell.IsShared)
        .GroupBy(cell => cell.Role[CellTags.StepPrefix.Length..]).ToDictionary(step => step.Key, step => step.Select(cell => cell.Id).ToHashSet());

    private static IEnumerable<JsonObject> Items(JsonObject definition, string list) => (definition["root"]?[list] as JsonArray ?? []).OfType<JsonObject>();
}
