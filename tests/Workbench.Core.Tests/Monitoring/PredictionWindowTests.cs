using Workbench.Core.Tests.Registry;
using Workbench.Data;
using Workbench.Drift;
using Workbench.Monitoring;
using Workbench.Registry;

namespace Workbench.Core.Tests.Monitoring;

public sealed class PredictionWindowTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2025, 2, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Window_HoldsItsTimesAndVersionOnly()
    {
        await using (var log = PredictionLog.Open(_folder.Data))
            await log.AppendAsync(Enumerable.Range(0, 48).Select(hour => new PredictionRecord
            {
                Id = $"r{hour}", Model = "churn", Version = hour % 2, At = Start.AddHours(hour).ToOffset(TimeSpan.FromHours(5)), Score = hour / 48.0, Label = 1,
                Inputs = new Dictionary<string, object?> { ["age"] = (double)hour, ["plan"] = hour < 24 ? "basic" : "pro" },
            }).ToList(), TestContext.Current.CancellationToken);

        var report = DriftReport.Compare(
            PredictionLog.Window(_folder.Data, "churn", Start, Start.AddHours(24)),
            PredictionLog.Window(_folder.Data, "churn", Start.AddHours(24), Start.AddHours(48), version: 1));

        Assert.Equal((24, 12), (report.ReferenceRows, report.CurrentRows)); // the end does not count, odd hours are version 1
        Assert.Equal(["score", "predicted", "age", "plan"], report.Columns.Select(column => column.Column));
        Assert.Equal("predicted_at", Assert.Single(report.Skipped).Column);
        Assert.Equal("pro", Assert.Single(report.Columns[3].NewCategories).Category);
        Assert.Equal(("requests 2025-02-01 to 2025-02-02", "requests 2025-02-02 to 2025-02-03"), (report.Reference, report.Current));
        Assert.Contains("has 0 rows", Assert.Throws<DataException>(() => Compare("churn", Start.AddDays(9))).Message);
    }

    [Fact]
    public async Task Window_LoggedBooleans_CompareWithBooleans()
    {
        await using (var log = PredictionLog.Open(_folder.Data))
            await log.AppendAsync(Enumerable.Range(0, 300).Select(i => new PredictionRecord
            {
                Id = $"r{i}", Model = "churn", Version = 1, At = Start.AddMinutes(i), Score = 0.5, Label = 1,
                Inputs = new Dictionary<string, object?> { ["same"] = i % 2 == 0, ["moved"] = i % 10 != 0, ["none"] = null, ["counts"] = (double)(i % 3) },
            }).ToList(), TestContext.Current.CancellationToken);
        var training = DriftSource.Rows(Enumerable.Range(0, 300).Select(i => new { same = i % 2 == 1, moved = i % 10 == 0, none = i % 2 == 0, counts = i % 2 == 0 }));

        var report = DriftReport.Compare(training, PredictionLog.Window(_folder.Data, "churn", Start, Start.AddDays(1)), new() { Columns = ["same", "moved", "counts"] });

        Assert.Equal([("same", false), ("moved", true), ("counts", true)], report.Columns.Select(column => (column.Column, column.IsDrift)));
        Assert.Equal((DriftColumnKind.Boolean, DriftColumnKind.Boolean), (report.Columns[0].Kind, report.Columns[1].Kind));
        Assert.Equal(0, report.Columns[0].Tests.Single(test => test.Test == "psi").Statistic, 1e-12); // half of each on both sides
        Assert.Contains("BOOLEAN became DOUBLE", report.Columns[2].Note);
    }

    [Fact]
    public void Window_NothingLogged_SaysWhatToDo()
    {
        Assert.Equal("No prediction of 'churn' is in the log yet. Send requests first.", Assert.Throws<DataException>(() => Compare("churn", Start)).Message);
        Assert.Throws<RegistryException>(() => PredictionLog.Window(_folder.Data, "../churn", Start, Start.AddDays(1)));
        Assert.Throws<ArgumentException>(() => PredictionLog.Window(_folder.Data, "churn", Start, Start));
    }

    private void Compare(string model, DateTimeOffset from)
    {
        var window = PredictionLog.Window(_folder.Data, model, from, from.AddDays(1));
        DriftReport.Compare(window, window);
    }
}
