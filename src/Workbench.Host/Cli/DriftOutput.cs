using System.Globalization;
using Workbench.Drift;

namespace Workbench.Host.Cli;

/// <summary>A drift report for a terminal: the columns by severity, then sentences for what matters.</summary>
internal static class DriftOutput
{
    private const int ShownStable = 40;
    private const int Explained = 10;
    private const int LongestCell = 60;

    public static void Print(DriftReport report)
    {
        var columns = report.BySeverity;
        int shown = report.Drifted.Count + Math.Min(ShownStable, columns.Count - report.Drifted.Count);
        TextTable.Write(["column", "kind", "drift", "foremost test", "effect", "p", "null", "note"], columns.Take(shown).Select(Row), "No column was compared.");
        if (shown < columns.Count)
            Console.WriteLine(Text($"... and {columns.Count - shown:N0} more without drift; --html and --json have them all."));
        Console.WriteLine();
        foreach (string sentence in Sentences(report))
            Console.WriteLine(sentence);
    }

    private static IEnumerable<string> Sentences(DriftReport report)
    {
        yield return Text($"{report.Drifted.Count:N0} of {report.Columns.Count:N0} columns drifted; {report.CurrentRows:N0} rows against {report.ReferenceRows:N0}.");
        if (report.DriftShare is { } share)
            yield return Text($"The data set {(report.IsDataDrift ? "drifted" : "did not drift")}: {report.DriftedShare:P0} of the columns that count, from {share:P0} on it does.");
        foreach (var column in report.BySeverity.Where(column => column.IsDrift).Take(Explained))
            yield return $"  {column.Column}: {column.Reason}.";
        if (report.Drifted.Count > Explained)
            yield return Text($"  and {report.Drifted.Count - Explained:N0} more.");
        foreach (string note in report.Notes)
            yield return note;
        if (report.Timeline is { } timeline)
            foreach (string sentence in timeline.Columns.Select(column => column.Sentence).OfType<string>().Take(Explained).Select(sentence => $"  {sentence}").Prepend(
                Text($"Over {timeline.Chunks.Count:N0} chunks ({timeline.By}), beyond {timeline.Threshold}: {timeline.Columns.Count(column => column.IsDrift.Contains(true)):N0} of {timeline.Columns.Count:N0} columns drifted in at least one.")))
                yield return sentence;
        foreach (string sentence in new[] { report.Multivariate?.Sentence, report.Correlations?.Sentence }.OfType<string>())
            yield return sentence;
        if (report.Quality is { Findings.Count: > 0 } quality)
            foreach (string sentence in quality.Findings.Take(Explained).Select(finding => $"  {finding.Severity.ToString().ToLowerInvariant()}: {finding.What.TrimEnd('.')}.").Prepend(Text($"Data quality, {quality.Findings.Count:N0} findings:")))
                yield return sentence;
        if (report.Causes is { } causes)
            foreach (string sentence in causes.Sentences().Prepend("Why:"))
                yield return sentence == "Why:" ? sentence : "  " + sentence;
        if (report.Skipped.Count > 0)
            yield return $"Left out: {Names(report.Skipped.Select(skipped => $"{skipped.Column} ({skipped.Kind.ToString().ToLowerInvariant()})"))}.";
        if (report.NewColumns.Count > 0)
            yield return $"Only the current rows have: {Names(report.NewColumns)}.";
        if (report.MissingColumns.Count > 0)
            yield return $"Only the reference has: {Names(report.MissingColumns)}.";
    }

    private static string[] Row(ColumnDrift column) =>
    [
        Cut(column.Column), column.Role == ColumnRole.Feature ? column.Kind.ToString().ToLowerInvariant() : $"{column.Kind.ToString().ToLowerInvariant()} {column.Role.ToString().ToLowerInvariant()}", column.IsDrift ? "yes" : "no", column.Foremost?.ToString() ?? "",
        Number(column.Foremost?.Size),
        Number(column.Tests.FirstOrDefault(test => test.AdjustedPValue is not null && test.Role != DriftRole.Informs)?.AdjustedPValue),
        column.NullShareReference == column.NullShareCurrent && column.NullShareCurrent == 0 ? "" : Text($"{column.NullShareReference:P1} to {column.NullShareCurrent:P1}"),
        Cut(Note(column)),
    ];

    private static string Note(ColumnDrift column) => string.Join(" ", new[]
    {
        column.NewCategories.Count > 0 ? $"new: {string.Join(", ", column.NewCategories.Select(one => one.Category))}" : "",
        column.MissingCategories.Count > 0 ? $"vanished: {string.Join(", ", column.MissingCategories.Select(one => one.Category))}" : "",
        column.Note ?? "",
    }.Where(text => text.Length > 0));

    private static string Names(IEnumerable<string> names)
    {
        var all = names.ToList();
        return string.Join(", ", all.Take(20)) + (all.Count > 20 ? Text($" and {all.Count - 20:N0} more") : "");
    }

    private static string Number(double? number) => number is { } value ? value.ToString("G3", CultureInfo.InvariantCulture) : "";

    // A name may hold line breaks; a table has one line a row.
    private static string Cut(string text)
    {
        string line = text.ReplaceLineEndings(" ");
        return line.Length > LongestCell ? line[..LongestCell] + "…" : line;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
