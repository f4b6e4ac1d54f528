using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Workbench.Workflows.Model;

namespace Workbench.Host.Designer;

/// <summary>
/// A definition as an SVG image: activities where they lie on the canvas, connections with their outcome, and, for a run, what became
/// of each. Needs no script and no designer.
/// </summary>
internal static class DefinitionDrawing
{
    private const int Margin = 24;
    private const int LongestName = 24;

    /// <summary>The image. <paramref name="mark"/> gives the state of an activity in a run; null draws the definition alone.</summary>
    public static string Render(WorkflowDefinition definition, Func<Activity, NodeMark>? mark = null)
    {
        var root = DefinitionView.Full(definition)["root"]!.AsObject();
        var boxes = Boxes(root);
        var (left, top) = (boxes.Values.Select(box => box.X).DefaultIfEmpty(0).Min() - Margin, boxes.Values.Select(box => box.Y).DefaultIfEmpty(0).Min() - Margin);
        double width = boxes.Values.Select(box => box.X + box.Width).DefaultIfEmpty(DefinitionLayout.Width).Max() - left + Margin;
        double height = boxes.Values.Select(box => box.Y + box.Height).DefaultIfEmpty(DefinitionLayout.Height).Max() - top + Margin;
        var svg = new StringBuilder();
        svg.Append(Culture($"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="{left} {top} {width} {height}" width="{width}" height="{height}" role="img" font-family="system-ui, sans-serif">
            <title>{Text(definition.Name.Length > 0 ? definition.Name : definition.DefinitionId)}</title>
            <defs><marker id="arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto-start-reverse"><path d="M0 0L10 5L0 10z" fill="#5b7083"/></marker></defs>

            """));
        foreach (var edge in definition.Root.Connections)
            if (boxes.TryGetValue(edge.Source.Activity, out var source) && boxes.TryGetValue(edge.Target.Activity, out var target))
                Edge(svg, source, target, edge.Outcome);
        foreach (var activity in definition.Root.Activities)
            if (boxes.TryGetValue(activity.Id, out var box))
                Node(svg, box, activity, mark?.Invoke(activity));
        return svg.Append("</svg>\n").ToString();
    }

    private static void Edge(StringBuilder svg, Box source, Box target, string outcome)
    {
        var (x1, y1, x2, y2) = (source.X + source.Width, source.Y + source.Height / 2, target.X, target.Y + target.Height / 2);
        double bend = Math.Max(40, Math.Abs(x2 - x1) / 2);
        svg.Append(Culture($"""<path d="M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}" fill="none" stroke="#5b7083" stroke-width="1.5" marker-end="url(#arrow)"/>""")).Append('\n');
        if (outcome != "Done")
            svg.Append(Culture($"""<text class="outcome" x="{(x1 + x2) / 2}" y="{(y1 + y2) / 2 - 6}" font-size="12" fill="#40525f" text-anchor="middle">{Text(outcome)}</text>""")).Append('\n');
    }

    private static void Node(StringBuilder svg, Box box, Activity activity, NodeMark? mark)
    {
        var (fill, stroke, dashes) = mark is null ? Kind(activity) : Colours(mark.State);
        var below = mark is null ? activity.Type : mark.Text;
        var link = mark?.Href is { } href ? $"""<a href="{Text(href)}" aria-label="{Text($"{activity.Label}: {mark.Text}")}">""" : "";
        svg.Append(Culture($"""
            <g data-activity="{Text(activity.Id)}" data-state="{mark?.State}">{link}<title>{Text($"{activity.Label} ({activity.Type})")}</title>
            <rect x="{box.X}" y="{box.Y}" width="{box.Width}" height="{box.Height}" rx="6" fill="{fill}" stroke="{stroke}" stroke-width="{(mark?.IsChosen == true ? 3 : 1.2)}"{(dashes ? " stroke-dasharray=\"5 4\"" : "")}/>
            <text x="{box.X + 12}" y="{box.Y + box.Height / 2 - 3}" font-size="13" font-weight="600" fill="#15222d">{Text(Short(activity.Label))}</text>
            <text x="{box.X + 12}" y="{box.Y + box.Height / 2 + 15}" font-size="11" fill="#3c4a56">{Text(Short(below))}</text>{(link.Length > 0 ? "</a>" : "")}</g>

            """));
    }

    private static (string Fill, string Stroke, bool IsDashed) Kind(Activity activity) =>
        activity.Type.StartsWith("Workbench.", StringComparison.Ordinal) ? ("#e7f1fb", "#2f6fab", false) : ("#f4f5f7", "#8495a3", false);

    private static (string Fill, string Stroke, bool IsDashed) Colours(string state) => state switch
    {
        "Completed" => ("#d9f2e3", "#1b7f4d", false),
        "Running" => ("#d6e8fb", "#1f5fa8", false),
        "Suspended" => ("#fdeec9", "#946200", false),
        "Faulted" => ("#fbdcd9", "#b3261e", false),
        "Canceled" => ("#e9edf1", "#5b6775", true),
        "Pending" => ("#ffffff", "#5b6775", false),
        _ => ("#f8fafb", "#b4bfc9", true),
    };

    private static Dictionary<string, Box> Boxes(JsonObject root)
    {
        var boxes = new Dictionary<string, Box>();
        foreach (var activity in root["activities"]!.AsArray().OfType<JsonObject>())
        {
            var designer = activity["metadata"]!["designer"]!; // The layout gives every activity a place.
            boxes[DesignerJson.Text(activity["id"]) ?? ""] = new(
                Number(designer["position"]?["x"], 0), Number(designer["position"]?["y"], 0),
                Math.Max(Number(designer["size"]?["width"], 0), DefinitionLayout.Width), Math.Max(Number(designer["size"]?["height"], 0), DefinitionLayout.Height));
        }
        return boxes;
    }

    // A place that the layout gave is a whole number, which JsonValue does not give as another kind.
    private static double Number(JsonNode? node, double fallback) => node is not JsonValue value ? fallback
        : value.TryGetValue(out double number) && double.IsFinite(number) ? number
        : value.TryGetValue(out int whole) ? whole : fallback;

    private static string Short(string text) => text.Length <= LongestName ? text : text[..(LongestName - 1)] + "…";

    // XML allows no control characters, not even escaped.
    private static string Text(string text) => WebUtility.HtmlEncode(string.Concat(text.Where(letter => !char.IsControl(letter) && !char.IsSurrogate(letter))));

    private static string Culture(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private readonly record struct Box(double X, double Y, double Width, double Height);
}
