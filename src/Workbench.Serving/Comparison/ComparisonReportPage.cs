using System.Globalization;
using Workbench.Charts;
using Workbench.Evaluation;
using Workbench.Reports;

namespace Workbench.Serving.Comparison;

/// <summary>An <see cref="ArchitectureComparison"/> as a page.</summary>
public static class ComparisonReportPage
{
    /// <summary>The whole page; <paramref name="data"/> says which rows, <paramref name="createdAt"/>, where given, stands beside it.</summary>
    public static HtmlReport Create(ArchitectureComparison comparison, string data, DateTimeOffset? createdAt = null)
    {
        string made = createdAt is { } time ? string.Create(CultureInfo.InvariantCulture, $", {time.ToUniversalTime():yyyy-MM-dd HH:mm} UTC") : "";
        var page = new HtmlReport("Architectures compared", $"{data}{made}");
        Result(page.Section("Result"), comparison);
        Candidates(page.Section("Candidates"), comparison);
        Charts(page.Section("Charts"), comparison);
        Method(page.Section("How it was measured"), comparison);
        return page;
    }

    private static void Result(HtmlSection section, ArchitectureComparison comparison)
    {
        var winner = comparison.Choice.Winner;
        section.Status(winner is null ? ReportStatus.Refused : ReportStatus.Passed, winner ?? "no winner", comparison.Choice.Why);
        foreach (var refused in comparison.Candidates.Where(one => one.Refusal is not null && one.Name != comparison.Best)) // that one's stands above
            section.Status(ReportStatus.Refused, $"{refused.Name} refused", $"{refused.Refusal}.");
        if (winner is not null)
        {
            var one = comparison.Candidates.First(candidate => candidate.Name == winner);
            section.Cards(
                (comparison.Metric, one.Quality is { } quality ? Number(quality.Value) : "–"),
                ("parameters", one.Parameters.ToString("N0", CultureInfo.InvariantCulture)),
                ("answer, median of one row", Milliseconds(one.Latency(1).Median)),
                ("cost", Number(one.Cost)));
        }
    }

    private static void Candidates(HtmlSection section, ArchitectureComparison comparison)
    {
        section.Table(
            ["Candidate", "Verdict", comparison.Metric, "95 % interval", "Seeds", $"Against the baseline, {comparison.Baseline}", $"Against the best, {comparison.Best ?? "none"}"],
            comparison.Candidates.Select(one => (IReadOnlyList<ReportCell>)
            [
                one.Name, Verdict(comparison, one), ReportCell.Number(one.Quality?.Value, "F4"), Interval(one.Quality), Range(one.SeedValues), Difference(one.AgainstBaseline), Difference(one.AgainstBest),
            ]));
        section.Text($"Differences in {comparison.Metric} are on the same rows and positive when the candidate is better; an interval that does not reach 0 is a difference beyond chance. Below, p50 of 32 is the median time of an answer for 32 rows.");
        section.Table(
            [
                "Candidate", "Parameters", "ONNX file (KiB)", "Training (s)",
                .. comparison.Candidates[0].Latencies.SelectMany(one => new[] { $"p50 of {one.BatchSize} (ms)", $"p99 of {one.BatchSize} (ms)" }), "Cost",
            ],
            comparison.Candidates.Select(one => (IReadOnlyList<ReportCell>)
            [
                one.Name, ReportCell.Number(one.Parameters, "N0"), ReportCell.Number(one.OnnxBytes / 1024.0, "N1"), ReportCell.Number(one.TrainingTime.TotalSeconds, "F2"),
                .. one.Latencies.SelectMany(latency => new[] { ReportCell.Number(latency.Median.TotalMilliseconds, "G3"), ReportCell.Number(latency.P99.TotalMilliseconds, "G3") }),
                ReportCell.Number(one.Cost, "G3"),
            ]));
    }

    private static void Charts(HtmlSection section, ArchitectureComparison comparison)
    {
        if (comparison.Candidates.All(one => one.Quality is null))
        {
            section.Text($"The held-out rows do not define {comparison.Metric}: there is nothing to draw.");
            return;
        }
        string[] names = [.. comparison.Candidates.Select(one => one.Name)];
        section.Figure(comparison.ToFigure());
        section.Figures(
        [
            Chart.HorizontalBar("Training time (s)", "seconds a training", names, [.. comparison.Candidates.Select(one => one.TrainingTime.TotalSeconds)]),
            Chart.GroupedBar("Median time of an answer", "candidate", "ms",
                [.. comparison.Candidates[0].Latencies.Select(latency => new ChartSeries(
                    $"batch {latency.BatchSize}", names, comparison.Candidates.Select(one => one.Latency(latency.BatchSize).Median.TotalMilliseconds)))]),
        ]);
    }

    private static void Method(HtmlSection section, ArchitectureComparison comparison)
    {
        var options = comparison.Options;
        section.Table(["What", "How"], new (string What, string How)[]
        {
            ("Rows", string.Create(CultureInfo.InvariantCulture, $"{comparison.FittingRows:N0} to fit, {comparison.ValidationRows:N0} to stop, {comparison.HoldoutRows:N0} to judge by; the same for every candidate")),
            ("Split", comparison.SplitHash),
            ("Seeds", string.Join(", ", comparison.Seeds)),
            ("Quality", $"mean of {comparison.Metric} over the seeds; interval by bootstrap over rows, {options.BootstrapSamples} resamples"),
            ("Differences", "paired bootstrap: both candidates on the same resampled rows, mean over seeds on either side"),
            ("Latency", $"the exported ONNX file of the first seed, preprocessing included, in ONNX Runtime with one thread; up to {options.LatencyCalls} calls one after the other, the candidates in turn"),
            ("Limit", options.LatencyLimit is { } limit ? $"{Milliseconds(limit)} ({(options.LimitsP99 ? "p99" : "median")} at batch {options.LimitedBatchSize})" : "none"),
            ("Cost", string.Create(CultureInfo.InvariantCulture, $"processor time of one training plus a million times the median answer at batch 1, at {options.CoreHourPrice} a core-hour")),
            ("Winner", "the candidate with the fewest parameters, within the limit, that the paired bootstrap cannot tell from the best within the limit"),
            ("Machine", comparison.Machine),
        }.Select(row => (IReadOnlyList<ReportCell>)[row.What, row.How]));
    }

    private static ReportCell Verdict(ArchitectureComparison comparison, CandidateResult one) =>
        one.Refusal is not null ? ReportCell.Badge(ReportStatus.Refused, "refused")
        : one.Name == comparison.Choice.Winner ? ReportCell.Badge(ReportStatus.Passed, "winner")
        : one.Name == comparison.Choice.Best ? ReportCell.Badge(ReportStatus.Neutral, "best")
        : "";

    private static ReportCell Interval(MetricEstimate? quality) => quality is null ? "–" : string.Create(CultureInfo.InvariantCulture, $"{quality.Lower:F4} to {quality.Upper:F4}");

    private static ReportCell Range(IReadOnlyList<double?> values) => values.OfType<double>().ToList() is { Count: > 0 } known
        ? string.Create(CultureInfo.InvariantCulture, $"{known.Min():F4} to {known.Max():F4}") : "–";

    private static ReportCell Difference(PairedDifference? one) => one is null ? "–" : ComparisonText.Of(one);

    private static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture);

    private static string Milliseconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:G3} ms");
}
