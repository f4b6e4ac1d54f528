using System.Globalization;
using Workbench.Charts;
using Workbench.Distributed.Scaling;
using Workbench.Distributed.Tracing;

namespace Workbench.Reports;

/// <summary>A <see cref="ScalingReport"/> as a page: the table, speed-up against ideal, what a step's time goes to.</summary>
public static class ScalingReportPage
{
    // Those of the timeline's page, in the order of ScalingPoint.Kinds.
    private static readonly IReadOnlyList<string> Colours = [ChartPalette.Of(1), ChartPalette.Of(0), ChartPalette.Of(4), ChartPalette.Of(2), ChartPalette.Of(3), ChartPalette.Of(5), ChartPalette.Of(6)];

    /// <summary>The whole page.</summary>
    /// <param name="report">What was measured.</param>
    /// <param name="createdAt">Stands below the title.</param>
    public static HtmlReport Create(ScalingReport report, DateTimeOffset createdAt)
    {
        ArgumentNullException.ThrowIfNull(report);
        var page = new HtmlReport("Scaling", string.Create(CultureInfo.InvariantCulture, $"{report.Subject}, {createdAt.ToUniversalTime():yyyy-MM-dd HH:mm} UTC"));
        Result(page.Section("Result"), report);
        page.Section("Speed-up").Figure(SpeedUp(report));
        page.Section("Where a step's time goes").Figure(StepTimes(report)).Text(
            "The mean over the measured steps and all ranks. Waiting is time in which a rank does nothing, since gradients of others are on their way or not computed yet; work of the engine that runs beside the backward pass is not in it.");
        return page;
    }

    /// <summary>Speed-up by ranks, beside the ideal.</summary>
    public static PlotlyFigure SpeedUp(ScalingReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var ranks = report.Points.Select(point => (double)point.Ranks).ToList();
        double slowest = report.Points[0].SamplesPerSecond;
        var figure = Chart.Line("Speed-up against the ideal", "ranks", Invariant($"speed-up over {Ranks(report.Points[0].Ranks)} (times)"),
            new ChartSeries("measured", ranks, report.Points.Select(report.SpeedUp)) { Intervals = [.. report.Points.Select(point => (point.Lowest / slowest, point.Highest / slowest))] },
            new ChartSeries("ideal", ranks, report.Points.Select(report.Ideal)) { Dashed = true });
        figure.Layout["xaxis"]!["tickvals"] = new System.Text.Json.Nodes.JsonArray([.. ranks]);
        figure.Layout["yaxis"]!["rangemode"] = "tozero";
        return figure;
    }

    /// <summary>The mean step of each number of ranks, in milliseconds by kind.</summary>
    public static PlotlyFigure StepTimes(ScalingReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var names = report.Points.Select(point => Ranks(point.Ranks)).ToList();
        var figure = Chart.StackedBar("Mean step", "", "time of a step (ms)",
        [
            .. ScalingPoint.Kinds.Select(kind => new ChartSeries(Word(kind), names, report.Points.Select(point => point.Times[kind].TotalMilliseconds))),
            new ChartSeries("other", names, report.Points.Select(point => point.Other.TotalMilliseconds)),
        ]);
        for (int i = 0; i < Colours.Count; i++)
            figure.Data[i]!["marker"]!["color"] = Colours[i];   // a trace each
        return figure.WithHeight(420);
    }

    private static void Result(HtmlSection section, ScalingReport report)
    {
        var last = report.Points[^1];
        double efficiency = report.Efficiency(last);
        section.Cards(
            ("most ranks", Invariant($"{last.Ranks}")), ("speed-up", Invariant($"{report.SpeedUp(last):F2} x")), ("efficiency", Invariant($"{100 * efficiency:F0} %")), ("of a step spent waiting", Invariant($"{100 * last.WaitingShare:F0} %")));
        section.Table(["ranks", "rows a step", "samples/s", "slowest and fastest part", "speed-up", "efficiency", "step (ms)", "waiting (ms)", "copying gradients (ms)"], report.Points.Select(point => (IReadOnlyList<ReportCell>)
        [
            ReportCell.Number(point.Ranks, "F0"), ReportCell.Number(point.Batch, "F0"), ReportCell.Number(point.SamplesPerSecond, "N0"), Invariant($"{point.Lowest:N0} to {point.Highest:N0}"),
            ReportCell.Number(report.SpeedUp(point), "F2"), ReportCell.Number(report.Efficiency(point), "P0"), ReportCell.Number(point.StepTime.TotalMilliseconds, "F3"),
            ReportCell.Number(point.Waiting.TotalMilliseconds, "F3"), ReportCell.Number(point.Times[TimelineKind.Gradients].TotalMilliseconds, "F3"),
        ]));
        section.Text(Invariant(
            $"{(report.IsWeak ? "Weak scaling: N ranks step on N times the batch." : "Strong scaling: all ranks share one batch, so that each computes on less with every rank more.")} {last.Steps} steps after {report.Warmup} of warm-up; samples/s is the median of {ScalingPoint.Parts} parts, without validation. Efficiency is the speed-up over {Ranks(report.Points[0].Ranks)} divided by the ideal one; the time of a step is the median, what is waited and copied a mean. {report.Engine}, {report.ThreadsPerRank} {(report.ThreadsPerRank == 1 ? "thread" : "threads")} a rank, {report.Cores} cores on the machine that measured."));
    }

    private static string Word(TimelineKind kind) => kind switch { TimelineKind.Gradients => "copying gradients", TimelineKind.Wait => "waiting", _ => kind.ToString().ToLowerInvariant() };

    private static string Ranks(int count) => Invariant($"{count} {(count == 1 ? "rank" : "ranks")}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
