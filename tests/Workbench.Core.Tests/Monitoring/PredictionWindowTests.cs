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
