using Workbench.Core.Tests.Registry;
using Workbench.Data;
using Workbench.Features;
using Workbench.Training.Forecasting;

namespace Workbench.Core.Tests.Training.Forecasting;

public sealed class ForecasterTests : IDisposable
{
    private static readonly ForecastOptions Daily = new() { Horizon = 6, Window = 48, Season = 24, MaxEpochs = 30, LearningRate = 0.002 };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>200 + 50·sin(2πt/24) and normal noise of deviation 10.</summary>
    private static TimeSeries Series(int count, int seed)
    {
        var random = new Random(seed);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());   // Box-Muller
        return new()
        {
            Start = new(2025, 1, 1), Step = TimeSpan.FromHours(1),
            Values = [.. Enumerable.Range(0, count).Select(t => (float)(200 + 50 * Math.Sin(2 * Math.PI * t / 24) + 10 * Normal()))],
        };
    }

    [Fact]
    public void Fit_RhythmAndNoise_BeatsTheSeasonalNaiveAndCovers()
    {
        using var model = Forecaster.Fit(Series(4_000, 1), Series(600, 2), Daily);
        var report = model.Evaluate(Series(1_000, 3));
        // The noise is 10, which nothing forecasts; the naive forecast has the noise of two values, √2 · 10.
        Assert.Equal(14.1, report.NaiveRmse, 0.7);
        Assert.InRange(report.Rmse, 9.3, 11.8);
        Assert.Equal(0.8, report.NominalCoverage, 1e-9);
        Assert.Equal(0.8, report.Coverage, 0.06);
        Assert.Equal(1_000 - 48 - 6 + 1, report.Forecasts);

        model.Save(_folder.Path);
        using var loaded = TrainedForecaster.Load(_folder.Path);
        float[] history = Series(100, 4).Values;
        float[] forecast = model.Forecast(history);
        Assert.Equal(forecast, loaded.Forecast(history));
        Assert.Equal(6 * 3, forecast.Length);
        Assert.All(forecast.Chunk(3), step => Assert.True(step[0] < step[1] && step[1] < step[2]));
        Assert.Equal(model.WeightsHash, loaded.WeightsHash);
        // The best epoch's loss is the pinball loss of the kept weights, in deviations of the training values.
        Assert.Equal(model.History[model.BestEpoch - 1].ValidationLoss, model.Evaluate(Series(600, 2)).Pinball / model.Deviation, 1e-4);
    }

    [Fact]
    public void Fit_SameSeed_GivesTheSameBits()
    {
        using var first = Forecaster.Fit(Series(400, 1), Series(200, 2), Daily with { MaxEpochs = 2 });
        using var second = Forecaster.Fit(Series(400, 1), Series(200, 2), Daily with { MaxEpochs = 2 });
        Assert.Equal(first.WeightsHash, second.WeightsHash);
    }

    // By hand: the last season of 1 to 7 is 5, 6, 7.
    [Fact]
    public void SeasonalNaive_Window_RepeatsTheLastSeason() => Assert.Equal([5f, 6f, 7f, 5f, 6f], SeasonalNaive.Forecast([1, 2, 3, 4, 5, 6, 7], season: 3, horizon: 5));

    // By hand: two steps, values 3 and 10. Medians 2 and 12: errors 1 and 2. The naive forecast repeats 7 and 9: errors 4 and 1.
    // Quantiles 0.25, 0.5, 0.75. Step 1: 1, 2, 4 around 3, losses 0.25·2, 0.5·1, 0.25·1; step 2: 11, 12, 13 above 10, losses 0.75·1, 0.5·2, 0.25·3.
    [Fact]
    public void Of_SmallForecast_IsTheHandCount()
    {
        var report = ForecastErrors.Of([1, 2, 4, 11, 12, 13], [7, 9], [3, 10], new() { Horizon = 2, Window = 2, Season = 2, Quantiles = [0.25, 0.5, 0.75] });
        Assert.Equal((1, 1.5, 2.5, 0.5, 0.5), (report.Forecasts, report.Mae, report.NaiveMae, report.Coverage, report.NominalCoverage));
        Assert.Equal(Math.Sqrt(2.5), report.Rmse, 1e-12);
        Assert.Equal(Math.Sqrt(8.5), report.NaiveRmse, 1e-12);
        Assert.Equal((0.5 + 0.5 + 0.25 + 0.75 + 1 + 0.75) / 6, report.Pinball, 1e-12);
    }

    [Fact]
    public void Fit_WrongOptionsOrSeries_SaysWhat()
    {
        var failure = Assert.Throws<ArgumentException>(() => Forecaster.Fit(Series(100, 1), Series(100, 2), new() { Horizon = 0, Window = 10, Quantiles = [0.9, 0.1], Patience = 0 }));
        foreach (string expected in new[] { "Horizon is 0", "Window is 10; allowed is at least the season, 168", "Quantiles is [0.9, 0.1]", "EarlyStopping.Patience is 0" })
            Assert.Contains(expected, failure.Message);
        Assert.Contains("need 54", Assert.Throws<DataException>(() => Forecaster.Fit(Series(53, 1), Series(100, 2), Daily)).Message);
        Assert.Contains("Read both with one step", Assert.Throws<DataException>(() => Forecaster.Fit(Series(100, 1), Series(100, 2) with { Step = TimeSpan.FromDays(1) }, Daily)).Message);
        using var model = Forecaster.Fit(Series(100, 1), Series(100, 2), Daily with { MaxEpochs = 1 });
        Assert.Contains("the last 48", Assert.Throws<DataException>(() => model.Forecast([1, 2])).Message);
        Assert.Contains("Value 1 of window 0 is NaN", Assert.Throws<DataException>(() => model.Predict([1, float.NaN, .. new float[46]])).Message);
    }
}
