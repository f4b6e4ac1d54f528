using Workbench.Data;
using Workbench.Monitoring;
using Workbench.Core.Tests.Registry;

namespace Workbench.Core.Tests.Monitoring;

public sealed class PerformanceWindowTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private PredictionLog _predictions = null!; // set before each test by InitializeAsync
    private LabelLog _labels = null!;

    public ValueTask InitializeAsync()
    {
        _predictions = PredictionLog.Open(_folder.Data);
        _labels = LabelLog.Open(_folder.Data);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _predictions.DisposeAsync();
        await _labels.DisposeAsync();
        _folder.Dispose();
    }

    private Task PredictAsync(string id, double day, int? predicted, int version = 1) => _predictions.AppendAsync(new PredictionRecord
    {
        Id = id,
        Model = "churn",
        Version = version,
        At = Start.AddDays(day),
        Score = 0.5,
        Label = predicted,
        Inputs = new Dictionary<string, object?>(),
    });

    private Task LabelAsync(string id, double day, int value) =>
        _labels.AppendAsync(new LabelRecord { Id = id, Model = "churn", Value = value, At = Start.AddDays(day) });

    private async Task FlushAsync()
    {
        await _predictions.FlushAsync();
        await _labels.FlushAsync();
    }

    private Task<PerformanceWindow> ComputeAsync(double fromDay, double toDay, double asOfDay, int? version = 1) =>
        PerformanceWindow.ComputeAsync(_folder.Data, "churn", version, Start.AddDays(fromDay), Start.AddDays(toDay), Start.AddDays(asOfDay));

    /// <summary>By hand: 3 TP, 1 FP, 2 FN, 1 TN, 1 without class, 2 not labelled.</summary>
    private async Task FillAsync()
    {
        (int? Predicted, int? Label)[] cases =
            [(1, 1), (1, 1), (1, 1), (1, 0), (0, 1), (0, 1), (0, 0), (null, 1), (1, null), (0, null)];
        for (var i = 0; i < cases.Length; i++)
        {
            await PredictAsync($"r{i}", 1, cases[i].Predicted);
            if (cases[i].Label is { } label)
                await LabelAsync($"r{i}", 31, label);
        }
        await FlushAsync();
    }

    [Fact]
    public async Task ComputeAsync_HandMadeCases_GivesTheCountsAndRatios()
    {
        await FillAsync();
        var window = await ComputeAsync(0, 2, 40);
        Assert.Equal((10, 8, 2), (window.Predictions, window.Labelled, window.Pending));
        Assert.Equal((7, 4, 3, 1, 2), (window.Counts.Judged, window.Counts.Correct, window.Counts.TruePositives, window.Counts.FalsePositives, window.Counts.FalseNegatives));
        Assert.Equal(4.0 / 7, window.Accuracy);
        Assert.Equal(3.0 / 4, window.Precision);
        Assert.Equal(3.0 / 5, window.Recall);
        Assert.Equal(6.0 / 9, window.Counts.F1);
        Assert.Equal(TimeSpan.FromDays(30), window.MeanLabelDelay);
    }

    [Fact]
    public async Task ComputeAsync_AsOfBeforeTheLabels_HasThemPending()
    {
        await FillAsync();
        var window = await ComputeAsync(0, 2, 30.9);
        Assert.Equal((10, 0, 10), (window.Predictions, window.Labelled, window.Pending));
        Assert.Null(window.Accuracy);
        Assert.Null(window.Precision);
        Assert.Null(window.MeanLabelDelay);
        Assert.Equal(8, (await ComputeAsync(0, 2, 31)).Labelled); // inclusive
    }

    [Fact]
    public async Task ComputeAsync_Range_IsHalfOpen()
    {
        await PredictAsync("a", 1, 1);
        await PredictAsync("b", 2, 1);
        await FlushAsync();
        Assert.Equal(1, (await ComputeAsync(1, 2, 9)).Predictions);
        Assert.Equal(0, (await ComputeAsync(0, 1, 9)).Predictions);
        Assert.Equal(2, (await ComputeAsync(1, 2.01, 9)).Predictions);
    }

    [Fact]
    public async Task ComputeAsync_SeveralLabelsOfOneId_LatestKnownCounts()
    {
        await PredictAsync("a", 1, 1);
        await LabelAsync("a", 12, 0); // the correction arrives first in the file, and in another file than the rest
        await FlushAsync();
        await LabelAsync("a", 11, 1);
        await LabelAsync("a", 10, 0);
        await FlushAsync();
        Assert.Equal(0, (await ComputeAsync(0, 2, 10)).Accuracy);
        Assert.Equal(1, (await ComputeAsync(0, 2, 11.5)).Accuracy);
        var last = await ComputeAsync(0, 2, 20);
        Assert.Equal(0, last.Accuracy);
        Assert.Equal(1, last.Labelled);
    }

    [Fact]
    public async Task ComputeAsync_Version_SeesOnlyItsOwn()
    {
        await PredictAsync("a", 1, 1, version: 1);
        await PredictAsync("b", 1, 1, version: 2);
        await LabelAsync("a", 2, 1);
        await LabelAsync("b", 2, 0);
        await FlushAsync();
        Assert.Equal(1, (await ComputeAsync(0, 2, 9, version: 1)).Accuracy);
        Assert.Equal(0, (await ComputeAsync(0, 2, 9, version: 2)).Accuracy);
        Assert.Equal(0.5, (await ComputeAsync(0, 2, 9, version: null)).Accuracy);
        Assert.Equal(0, (await ComputeAsync(0, 2, 9, version: 3)).Predictions);
    }

    [Fact]
    public async Task ByLabelArrivalAsync_LooksAtTheLabelsTime()
    {
        await PredictAsync("a", 1, 1);
        await PredictAsync("b", 1, 1);
        await PredictAsync("c", 1, 1);
        await LabelAsync("a", 10, 1); // on the open lower bound
        await LabelAsync("b", 17, 0); // on the closed upper bound
        await FlushAsync();
        var window = await PerformanceWindow.ByLabelArrivalAsync(_folder.Data, "churn", 1, Start.AddDays(10), Start.AddDays(17));
        Assert.Equal((1, 0d), (window.Labelled, window.Accuracy));
    }

    [Fact]
    public async Task SeriesAsync_Weeks_FillsGapsAndCutsTheLast()
    {
        await PredictAsync("a", 0, 1);
        await PredictAsync("b", 6.99, 1);
        await PredictAsync("c", 15, 1);
        await LabelAsync("a", 20, 1);
        await LabelAsync("b", 20, 0);
        await FlushAsync();
        var series = await PerformanceWindow.SeriesAsync(
            _folder.Data, "churn", 1, Start, Start.AddDays(16), Start.AddDays(99), TimeSpan.FromDays(7));
        Assert.Equal([(2, 0.5), (0, null), (1, (double?)null)], series.Select(window => ((int)window.Predictions, window.Accuracy)));
        Assert.Equal([Start, Start.AddDays(7), Start.AddDays(14)], series.Select(window => window.From));
        Assert.Equal(Start.AddDays(16), series[^1].To);
    }

    [Fact]
    public async Task ComputeAsync_NothingLogged_IsEmpty()
    {
        var window = await ComputeAsync(0, 2, 40);
        Assert.Equal((0, 0), (window.Predictions, window.Labelled));
        await LabelAsync("a", 1, 1);
        await FlushAsync();
        Assert.Equal(0, (await ComputeAsync(0, 2, 40)).Predictions);
    }

    [Fact]
    public async Task UnmatchedAsync_LabelOfUnknownId_IsKeptAndCounted()
    {
        await LabelAsync("ghost", 1, 1);
        await LabelAsync("ghost", 2, 0);
        await LabelAsync("late", 2, 0);
        await FlushAsync();
        Assert.Equal(2, await _labels.UnmatchedAsync("churn"));
        await PredictAsync("late", 1, 1);
        await FlushAsync();
        Assert.Equal(1, await _labels.UnmatchedAsync("churn"));
        Assert.Equal(0, await _labels.UnmatchedAsync("other"));
    }

    [Fact]
    public async Task ComputeAsync_DamagedFile_NamesIt()
    {
        await PredictAsync("a", 1, 1);
        await FlushAsync();
        var folder = Path.GetDirectoryName(PredictionLog.ParquetGlob(_folder.Data, "churn"))!;
        await File.WriteAllTextAsync(Path.Combine(folder, "bad.parquet"), "no parquet here");
        var failure = await Assert.ThrowsAsync<DataException>(() => ComputeAsync(0, 2, 9));
        Assert.Contains("bad.parquet", failure.Message);
    }

    [Fact]
    public async Task ComputeAsync_EndBeforeStart_Throws() =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => ComputeAsync(2, 1, 9));
}
