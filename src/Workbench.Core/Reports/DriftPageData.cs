using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Workbench.Drift;
using Workbench.Drift.Quality;

namespace Workbench.Reports;

/// <summary>The figures of all columns as compact JSON: one letter a name and four digits a number, because a page may hold a thousand columns. drift.js reads it.</summary>
internal static class DriftPageData
{
    // Leaves 800 kB of 2 MB to the table, the other sections and the script.
    private const int MostBytes = 1_200_000;

    // Escapes <, > and & and leaves letters of all alphabets as they are.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    /// <summary>In as much detail as fits.</summary>
    public static string Write(DriftReport report, IReadOnlyList<ColumnDrift> columns)
    {
        string json = "";
        foreach (var detail in DriftPageDetail.Levels)
        {
            json = Write(report, columns, detail);
            if (Encoding.UTF8.GetByteCount(json) <= MostBytes)
                break;
        }
        return json;
    }

    private static string Write(DriftReport report, IReadOnlyList<ColumnDrift> columns, DriftPageDetail detail)
    {
        var findings = (report.Quality?.Findings ?? []).Where(finding => finding.Column is not null).ToLookup(finding => finding.Column, StringComparer.Ordinal);
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Options))
        {
            writer.WriteStartObject();
            var courses = new DriftPageCourses(report.Timeline, detail);
            courses.WriteChunks(writer);
            writer.WriteStartArray("columns");
            foreach (var column in columns)
                Write(writer, column, findings[column.Column], courses, detail);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Write(Utf8JsonWriter writer, ColumnDrift column, IEnumerable<DataQualityFinding> findings, DriftPageCourses courses, DriftPageDetail detail)
    {
        writer.WriteStartObject();
        writer.WriteString("n", column.Column);
        writer.WriteString("k", DriftPageText.Kind(column));
        if (column.Role != ColumnRole.Feature)
            writer.WriteString("o", DriftPageText.Role(column));
        writer.WriteNumber("d", column.IsDrift ? 1 : 0);
        Number(writer, "v", column.Distance);
        Number(writer, "s", column.Foremost?.Statistic);
        Number(writer, "f", column.Foremost?.Size);
        Number(writer, "p", DriftPageText.PValue(column));
        Number(writer, "a", column.NullShareReference);
        Number(writer, "b", column.NullShareCurrent);
        Text(writer, "w", column.Reason, detail);
        Text(writer, "m", column.Note, detail);
        Tests(writer, column.Tests, detail);
        if (column.Bins is { } bins)
            Bins(writer, bins, detail);
        courses.Write(writer, column.Column);
        if (column.Text is { } text)
            DriftPageWords.Write(writer, text, detail);
        if (column.Embedding is { } embedding)
            DriftPageWords.Write(writer, embedding, detail);
        Findings(writer, findings, detail);
        Categories(writer, "x", column.NewCategories, detail);
        Categories(writer, "y", column.MissingCategories, detail);
        writer.WriteEndObject();
    }

    private static void Tests(Utf8JsonWriter writer, IReadOnlyList<DriftTestResult> tests, DriftPageDetail detail)
    {
        writer.WriteStartArray("t");
        foreach (var test in tests)
        {
            writer.WriteStartArray();
            writer.WriteStringValue(test.Test);
            foreach (double? number in new[] { test.Statistic, test.Lower, test.Upper })
                Number(writer, number);
            writer.WriteNumberValue((int)test.Exactness);
            foreach (double? number in new[] { test.PValue, test.AdjustedPValue, test.EffectSize, test.ConfidenceLower, test.ConfidenceUpper })
                Number(writer, number);
            writer.WriteStringValue(DriftPageText.Limit(test));
            writer.WriteStringValue(test.Role.ToString().ToLowerInvariant());
            writer.WriteNumberValue(test.IsDrift ? 1 : 0);
            if (test.Note is { } note)
                writer.WriteStringValue(DriftPageDetail.Cut(note, detail.Words));
            writer.WriteEndArray();
        }
        writer.WriteEndArray();
    }

    private static void Findings(Utf8JsonWriter writer, IEnumerable<DataQualityFinding> findings, DriftPageDetail detail)
    {
        var listed = findings.Take(detail.Categories).ToList();
        if (listed.Count == 0)
            return;
        writer.WriteStartArray("q");
        foreach (var finding in listed)
        {
            writer.WriteStartArray();
            foreach (string text in new[] { finding.Severity.ToString().ToLowerInvariant(), finding.What, finding.Advice })
                writer.WriteStringValue(DriftPageDetail.Cut(text, detail.Words));
            writer.WriteEndArray();
        }
        writer.WriteEndArray();
    }

    private static void Bins(Utf8JsonWriter writer, DriftBins bins, DriftPageDetail detail)
    {
        if (bins.Edges is { } edges)
        {
            writer.WriteStartArray("e");
            int digits = Digits(edges);
            foreach (double edge in AreEven(edges) ? [edges[0], edges[^1]] : edges)
                writer.WriteRawValue(edge.ToString($"G{digits}", CultureInfo.InvariantCulture), skipInputValidation: true);
            writer.WriteEndArray();
        }
        else
        {
            writer.WriteStartArray("c");
            foreach (string category in bins.Categories ?? [])
                writer.WriteStringValue(DriftPageDetail.Cut(category, detail.NameLength));
            writer.WriteEndArray();
        }
        Shares(writer, "r", bins.ReferenceShares);
        Shares(writer, "u", bins.CurrentShares);
    }

    // A hundredth of a bin's width is enough for a picture, and an edge, which may be the value of a row, is not told in full.
    private static int Digits(IReadOnlyList<double> edges)
    {
        double width = (edges[^1] - edges[0]) / (edges.Count - 1), largest = Math.Max(Math.Abs(edges[0]), Math.Abs(edges[^1]));
        return width > 0 ? (int)Math.Clamp(Math.Floor(Math.Log10(largest)) - Math.Floor(Math.Log10(width)) + 3, 3, 17) : 6;
    }

    // Bins of one width are told by the first and the last edge.
    private static bool AreEven(IReadOnlyList<double> edges)
    {
        double width = (edges[^1] - edges[0]) / (edges.Count - 1);
        return edges.Count > 2 && Enumerable.Range(1, edges.Count - 1).All(i => Math.Abs(edges[i] - edges[i - 1] - width) <= 1e-6 * width);
    }

    // In hundred-thousandths.
    private static void Shares(Utf8JsonWriter writer, string name, IReadOnlyList<double> shares)
    {
        writer.WriteStartArray(name);
        foreach (double share in shares)
            writer.WriteNumberValue((int)Math.Round(share * 1e5));
        writer.WriteEndArray();
    }

    private static void Categories(Utf8JsonWriter writer, string name, IReadOnlyList<CategoryShare> categories, DriftPageDetail detail)
    {
        if (categories.Count == 0)
            return;
        writer.WriteStartArray(name);
        foreach (var one in categories.Take(detail.Categories))
        {
            writer.WriteStartArray();
            writer.WriteStringValue(DriftPageDetail.Cut(one.Category, detail.NameLength));
            writer.WriteNumberValue(one.Rows);
            Number(writer, one.Share);
            writer.WriteEndArray();
        }
        writer.WriteEndArray();
        if (categories.Count > detail.Categories)
            writer.WriteNumber(name + "n", categories.Count - detail.Categories);
    }

    private static void Text(Utf8JsonWriter writer, string name, string? text, DriftPageDetail detail)
    {
        if (text is not null)
            writer.WriteString(name, DriftPageDetail.Cut(text, detail.Words));
    }

    private static void Number(Utf8JsonWriter writer, string name, double? number)
    {
        writer.WritePropertyName(name);
        Number(writer, number);
    }

    /// <summary>Four digits; null for none.</summary>
    internal static void Number(Utf8JsonWriter writer, double? number)
    {
        if (number is { } value && double.IsFinite(value))
            writer.WriteRawValue(value.ToString("G4", CultureInfo.InvariantCulture), skipInputValidation: true);
        else
            writer.WriteNullValue();
    }
}
