using Workbench.Data;

namespace Workbench.Training.Forecasting;

/// <summary>Every stretch of window and horizon in a series. N windows, L window, H horizon.</summary>
internal static class ForecastWindows
{
    /// <summary>Row-major [N × L] windows and [N × H] values that came after each.</summary>
    /// <exception cref="DataException">The series is too short for one.</exception>
    public static (float[] Windows, float[] Targets) Of(float[] values, ForecastOptions options)
    {
        int count = Count(values, options);
        var (windows, targets) = (new float[count * options.Window], new float[count * options.Horizon]);
        for (int start = 0; start < count; start++)
        {
            values.AsSpan(start, options.Window).CopyTo(windows.AsSpan(start * options.Window));
            values.AsSpan(start + options.Window, options.Horizon).CopyTo(targets.AsSpan(start * options.Horizon));
        }
        return (windows, targets);
    }

    /// <summary>N, at least 1.</summary>
    /// <exception cref="DataException">The series is too short for one.</exception>
    public static int Count(float[] values, ForecastOptions options)
    {
        int count = values.Length - options.Window - options.Horizon + 1;
        return count >= 1 ? count
            : throw new DataException($"The series has {values.Length:N0} values; a window of {options.Window:N0} and a horizon of {options.Horizon:N0} need {options.Window + options.Horizon:N0}. Give more values, or shorten the window.");
    }
}
