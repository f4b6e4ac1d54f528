namespace Workbench.Training.Forecasting;

/// <summary>Compares forecasts with what came. N windows, L window, H horizon, Q quantiles.</summary>
internal static class ForecastErrors
{
    /// <param name="forecast">Row-major [N × H × Q].</param>
    /// <param name="windows">Row-major [N × L].</param>
    /// <param name="targets">Row-major [N × H].</param>
    /// <param name="options">L, H, Q and the season.</param>
    public static ForecastReport Of(float[] forecast, float[] windows, float[] targets, ForecastOptions options)
    {
        int count = targets.Length / options.Horizon, quantiles = options.Quantiles.Count;
        double absolute = 0, squared = 0, naiveAbsolute = 0, naiveSquared = 0, pinball = 0;
        int covered = 0;
        for (int row = 0; row < count; row++)
        {
            var naive = SeasonalNaive.Forecast(windows.AsSpan(row * options.Window, options.Window), options.Season, options.Horizon);
            for (int step = 0; step < options.Horizon; step++)
            {
                int index = row * options.Horizon + step;
                double value = targets[index];
                var said = forecast.AsSpan(index * quantiles, quantiles);
                absolute += Math.Abs(said[options.Median] - value);
                squared += (said[options.Median] - value) * (said[options.Median] - value);
                naiveAbsolute += Math.Abs(naive[step] - value);
                naiveSquared += (naive[step] - value) * (naive[step] - value);
                covered += said[0] <= value && value <= said[^1] ? 1 : 0;
                for (int q = 0; q < quantiles; q++)
                    pinball += Math.Max(options.Quantiles[q] * (value - said[q]), (options.Quantiles[q] - 1) * (value - said[q])) / quantiles;
            }
        }
        double all = targets.Length;
        return new()
        {
            Forecasts = count, Mae = absolute / all, Rmse = Math.Sqrt(squared / all), NaiveMae = naiveAbsolute / all, NaiveRmse = Math.Sqrt(naiveSquared / all),
            Coverage = covered / all, NominalCoverage = options.Quantiles[^1] - options.Quantiles[0], Pinball = pinball / all,
        };
    }
}
