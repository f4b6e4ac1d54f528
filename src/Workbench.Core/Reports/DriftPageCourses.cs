using System.Text.Json;
using Workbench.Drift.Chunks;

namespace Workbench.Reports;

/// <summary>What the deciding tests of each column gave chunk by chunk, as many values as the page takes; called in the order of the page's columns.</summary>
internal sealed class DriftPageCourses(DriftTimeline? timeline, DriftPageDetail detail)
{
    private readonly Dictionary<string, ColumnTimeline> _columns = (timeline?.Columns ?? []).ToDictionary(column => column.Column, StringComparer.Ordinal);
    private int _left = detail.Values;

    /// <summary>The names of the chunks.</summary>
    public void WriteChunks(Utf8JsonWriter writer)
    {
        if (timeline is null)
            return;
        writer.WriteStartArray("chunks");
        foreach (var chunk in timeline.Chunks)
            writer.WriteStringValue(chunk.Label);
        writer.WriteEndArray();
    }

    /// <summary>Test, limits, values, numbers of the chunks beyond the limits, remark; once a deciding test.</summary>
    public void Write(Utf8JsonWriter writer, string column)
    {
        if (!_columns.TryGetValue(column, out var course) || (_left -= course.Tests.Sum(test => test.Values.Count)) < 0)
            return;
        if (course.Sentence is { } sentence)
            writer.WriteString("ls", DriftPageDetail.Cut(sentence, detail.Words));
        writer.WriteStartArray("l");
        foreach (var test in course.Tests)
            Write(writer, test);
        writer.WriteEndArray();
    }

    private void Write(Utf8JsonWriter writer, DriftSeries series)
    {
        writer.WriteStartArray();
        writer.WriteStringValue(series.Test);
        DriftPageData.Number(writer, series.Lower);
        DriftPageData.Number(writer, series.Upper);
        writer.WriteStartArray();
        foreach (double? value in series.Values)
            DriftPageData.Number(writer, value);
        writer.WriteEndArray();
        writer.WriteStartArray();
        for (int i = 0; i < series.Alerts.Count; i++)
            if (series.Alerts[i])
                writer.WriteNumberValue(i);
        writer.WriteEndArray();
        writer.WriteStringValue(DriftPageDetail.Cut(series.Note ?? "", detail.Words));
        writer.WriteEndArray();
    }
}
