namespace Workbench.Training.Forecasting;

/// <summary>The forecast that everything is measured against: the value of one season ago (Hyndman and Athanasopoulos, "Forecasting: Principles and Practice", 3rd ed., section 5.2).</summary>
public static class SeasonalNaive
{
    /// <summary>The index in a window of <paramref name="window"/> values that step <paramref name="step"/> of the forecast repeats, both from 0.</summary>
    public static int Index(int window, int season, int step) => window - season + step % season;

    /// <summary>[horizon] values after <paramref name="window"/>, which holds one season at least.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The window is shorter than the season.</exception>
    public static float[] Forecast(ReadOnlySpan<float> window, int season, int horizon)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window.Length, season);
        var forecast = new float[horizon];
        for (int step = 0; step < horizon; step++)
            forecast[step] = window[Index(window.Length, season, step)];
        return forecast;
    }
}
