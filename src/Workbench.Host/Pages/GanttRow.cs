namespace Workbench.Host.Pages;

/// <summary>A named line of bars that do not overlap; the name is empty on further lines of the same thing.</summary>
public sealed record GanttRow(string Name, IReadOnlyList<GanttSpan> Spans)
{
    /// <summary>Lines for bars that may overlap: each goes on the first line where it has room, and the first line carries the name.</summary>
    public static IReadOnlyList<GanttRow> Lanes(string name, IEnumerable<GanttSpan> spans)
    {
        ArgumentNullException.ThrowIfNull(spans);
        var lanes = new List<List<GanttSpan>>();
        foreach (var span in spans.OrderBy(span => span.From))
        {
            var lane = lanes.FirstOrDefault(lane => lane[^1].To is { } end && end <= span.From);
            if (lane is null)
                lanes.Add(lane = []);
            lane.Add(span);
        }
        return [.. lanes.Select((lane, index) => new GanttRow(index == 0 ? name : "", lane))];
    }
}
