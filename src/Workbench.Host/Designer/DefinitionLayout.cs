using System.Text.Json.Nodes;

namespace Workbench.Host.Designer;

/// <summary>Places for activities that have none, as in a definition that was written by hand: a column for each distance from the start.</summary>
internal static class DefinitionLayout
{
    public const int Width = 200;
    public const int Height = 56;
    private const int ColumnStep = 280;
    private const int RowStep = 110;
    private const int Margin = 60;

    /// <summary>Adds a position to the activities of a flowchart that have none; the others keep theirs.</summary>
    public static void Place(JsonObject root)
    {
        var activities = (root["activities"] as JsonArray ?? []).OfType<JsonObject>().Where(activity => DesignerJson.Text(activity["id"]) is not null).ToList();
        if (activities.All(HasPlace))
            return;
        var columns = Columns(root, [.. activities.Select(activity => (string)activity["id"]!)]);
        var filled = new Dictionary<int, int>();
        foreach (var activity in activities)
        {
            int column = columns[(string)activity["id"]!];
            int row = filled[column] = filled.GetValueOrDefault(column, -1) + 1;
            if (!HasPlace(activity))
                Designer(activity)["position"] = new JsonObject { ["x"] = Margin + column * ColumnStep, ["y"] = Margin + row * RowStep };
        }
    }

    private static bool HasPlace(JsonObject activity) => activity["metadata"]?["designer"]?["position"] is JsonObject;

    private static JsonObject Designer(JsonObject activity)
    {
        if (activity["metadata"] is not JsonObject metadata)
            activity["metadata"] = metadata = [];
        if (metadata["designer"] is not JsonObject designer)
            metadata["designer"] = designer = new JsonObject { ["size"] = new JsonObject { ["width"] = Width, ["height"] = Height } };
        return designer;
    }

    // The longest way from a start, edges back left out by stopping after as many rounds as there are activities.
    private static Dictionary<string, int> Columns(JsonObject root, IReadOnlyList<string> ids)
    {
        var columns = ids.Distinct().ToDictionary(id => id, _ => 0);
        var edges = Edges(root).Where(edge => columns.ContainsKey(edge.From) && columns.ContainsKey(edge.To)).ToList();
        for (int round = 0; round < columns.Count; round++)
        {
            var moved = edges.Where(edge => columns[edge.To] <= columns[edge.From] && columns[edge.From] + 1 < columns.Count).ToList();
            if (moved.Count == 0)
                break;
            foreach (var edge in moved)
                columns[edge.To] = Math.Max(columns[edge.To], columns[edge.From] + 1);
        }
        return columns;
    }

    private static IEnumerable<(string From, string To)> Edges(JsonObject root) =>
        from connection in (root["connections"] as JsonArray ?? []).OfType<JsonObject>()
        let source = DesignerJson.Text(connection["source"]?["activity"])
        let target = DesignerJson.Text(connection["target"]?["activity"])
        where source is not null && target is not null
        select (source, target);
}
