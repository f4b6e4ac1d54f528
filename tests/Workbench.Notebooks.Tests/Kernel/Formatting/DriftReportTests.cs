using System.Text.RegularExpressions;
using Workbench.Drift;

namespace Workbench.Notebooks.Tests.Kernel.Formatting;

public sealed class DriftReportTests
{
    [Fact]
    public void Format_ManyDriftedColumns_ShowsTheTableAndAFewPictures()
    {
        var report = new DriftReport
        {
            Reference = "2024", Current = "<2025>", ReferenceRows = 1200, CurrentRows = 100, Correction = PValueCorrection.None,
            Columns = [.. Enumerable.Range(0, 30).Select(i => Column($"c{i:D2}", psi: i / 20.0))],
        };

        var html = Shown.Html(report);

        // Ten of thirty lie at or above 1; one picture of all and four of the farthest.
        Assert.StartsWith("10 of 30 columns drifted; 100 rows (<2025>) against 1,200 (2024)", Shown.Text(report));
        Assert.Equal("c29|numeric|drift|1.45|psi 1.45 ≥ 1|null|psi 1.45 ≥ 1", Shown.Rows(report).First(row => row.StartsWith('c') && row.Contains('|') && row.StartsWith("c2", StringComparison.Ordinal)));
        Assert.Equal(5, Regex.Count(html, "<svg"));
        Assert.DoesNotContain("<2025>", html);
    }

    private static ColumnDrift Column(string name, double psi) => new()
    {
        Column = name, Kind = DriftColumnKind.Numeric, NullShareReference = 0, NullShareCurrent = 0, IsDrift = psi >= 1, Reason = psi >= 1 ? FormattableString.Invariant($"psi {psi} ≥ 1") : null,
        Bins = new() { Edges = [0, 1, 2], ReferenceShares = [0.5, 0.5], CurrentShares = [0.1, 0.9] },
        Tests = [new() { Test = "psi", Statistic = psi, Threshold = 1, Direction = DriftDirection.StatisticAtOrAbove, Role = DriftRole.Decides, IsDrift = psi >= 1 }],
    };
}
