using System.Globalization;
using Workbench.Charts;
using Workbench.Core.Tests.Drift;
using Workbench.Drift;
using Workbench.Drift.Chunks;
using Workbench.Reports;

namespace Workbench.Core.Tests.Reports;

/// <summary>A report with one of everything.</summary>
internal static class SampleReport
{
    private static readonly DateTimeOffset Start = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Figures of plotly.js; those of drift are drawn otherwise.</summary>
    public const int Figures = 4;

    /// <summary>Asks for every part of a report.</summary>
    public static DriftOptions Everything => new() { Quality = true, Causes = new() { Quantities = ["price"] }, Target = "usage", Chunks = Chunking.Parse("day"), Multivariate = new(), Correlations = new() };

    public static HtmlReport Create()
    {
        var report = new HtmlReport("Churn: month 13", "Model churn, champion version 2");
        report.Section("Decision")
            .Status(ReportStatus.Refused, "refused", "Version 3 is not better than the champion by the required 0.005.")
            .Status(ReportStatus.Passed, "passed", "All 12 expectations of the data hold.")
            .Status(ReportStatus.Neutral, "waiting", "Labels arrive in 30 days.")
            .Cards(("accuracy, champion", "0.941"), ("accuracy, version 3", "0.938"), ("rows", "2,013"), ("gate", "≥ champion + 0.005"))
            .Figure(Accuracy())
            .Figures([
                Chart.Roc("ROC of version 3", [0, 0.02, 0.1, 0.3, 1], [0, 0.55, 0.83, 0.95, 1], 0.927),
                Chart.ConfusionMatrix("Holdout of version 3", ["stays", "leaves"], [[1312, 61], [88, 552]]).WithHeight(360),
            ])
            .Figure(Chart.Line("Loss", "epoch", "cross entropy (nats)",
                new ChartSeries("training", Enumerable.Range(1, 40).Select(i => 0.15 + 0.5 / i).ToList()),
                new ChartSeries("holdout", Enumerable.Range(1, 40).Select(i => 0.18 + 0.5 / i).ToList())));
        DriftReportPage.Fill(report, Drift());
        report.Section("History").Timeline([
            new(Start, "demo", "Version 1 registered and promoted to champion.", ReportStatus.Passed),
            new(Start.AddDays(75), "rule accuracy-low", "Accuracy 0.842 below 0.90 for 3 days: retraining started.", ReportStatus.Warning),
            new(Start.AddDays(76), "gate", "Version 3 refused.", ReportStatus.Refused),
        ]).Links(("Run 7, log", "runs/7/log.txt")).Code("accuracy_min: 0.90\nfor: 3d");
        return report;
    }

    public static DriftReport Drift(DriftOptions? options = null)
    {
        var folder = Directory.CreateTempSubdirectory("workbench-report-data-");
        try
        {
            return DriftReport.Compare(Rows(folder, "reference", 0, "pro"), Rows(folder, "current", 6, "flex"), options);
        }
        finally
        {
            folder.Delete(true);
        }
    }

    private static PlotlyFigure Accuracy()
    {
        var days = Enumerable.Range(0, 80).Select(day => Start.AddDays(day)).ToList();
        var noise = Samples.Bell(5, 80);
        return Chart.Line("Accuracy of the champion", "day (UTC)", "accuracy", new ChartSeries("accuracy", days, days.Select((_, i) => (i < 60 ? 0.94 : 0.85) + 0.01 * noise[i])))
            .WithThreshold(0.9, "alert below 0.90")
            .WithEvent(Start.AddDays(2), "champion v1")
            .WithEvent(Start.AddDays(40), "champion v2");
    }

    private static string Rows(DirectoryInfo folder, string name, double rise, string plan)
    {
        double[] price = Samples.Bell(1, 2000), usage = Samples.Bell(2, 2000);
        string path = Path.Combine(folder.FullName, name + ".csv");
        File.WriteAllLines(path, Enumerable.Range(0, 2000).Select(i => string.Create(
            CultureInfo.InvariantCulture,
            $"c-{i:D6},{Start.AddDays(i / 100):yyyy-MM-dd},{30 + rise + 8 * price[i]:F2},{20 + 5 * usage[i]:F2},{(i % 10 == 0 ? plan : i % 3 == 0 ? "plus" : "basic")}")).Prepend("customer_id,day,price,usage,plan"));
        return path;
    }
}
