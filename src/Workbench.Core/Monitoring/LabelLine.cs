namespace Workbench.Monitoring;

/// <summary>A label as it is written ahead.</summary>
internal sealed record LabelLine(string Id, int Value, long AtMicroseconds)
{
    public static LabelLine From(LabelRecord record)
    {
        ArgumentException.ThrowIfNullOrEmpty(record.Id);
        return new LabelLine(record.Id, record.Value, EventTime.Microseconds(record.At));
    }

    public static void WriteParquet(string path, IReadOnlyList<LabelLine> lines) =>
        EventParquet.Write(
            path,
            [
                new("prediction_id", "varchar", row => lines[row].Id),
                new("value", "integer", row => lines[row].Value),
                new("labelled_at", "timestamp", row => EventTime.ToDateTime(lines[row].AtMicroseconds)),
            ],
            lines.Count);
}
