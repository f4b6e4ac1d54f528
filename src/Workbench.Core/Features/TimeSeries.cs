using System.Globalization;
using Workbench.Data;

namespace Workbench.Features;

/// <summary>A quantity at equal steps of time.</summary>
public sealed record TimeSeries
{
    /// <summary>Time of the first value, UTC.</summary>
    public required DateTime Start { get; init; }
    /// <summary>From one value to the next; greater than zero.</summary>
    public required TimeSpan Step { get; init; }
    /// <summary>[N] values in the order of time, finite.</summary>
    public required float[] Values { get; init; }
    /// <summary>How many of them were missing and stand on the line between their neighbours.</summary>
    public int Filled { get; init; }

    /// <summary>
    /// Reads a series from a query. Rows come in any order, one a time; steps that are missing, or whose value is NULL, are
    /// filled on the line between their neighbours and counted.
    /// </summary>
    /// <param name="session">Where the query runs.</param>
    /// <param name="sql">A SELECT of the two columns.</param>
    /// <param name="time">Name of the column of times, a TIMESTAMP or DATE, taken as UTC.</param>
    /// <param name="value">Name of the column of numbers.</param>
    /// <param name="step">From one value to the next, greater than zero.</param>
    /// <param name="parameters">Values of the query's parameters.</param>
    /// <exception cref="DataException">A column is missing or of another type, a time comes twice or lies between two steps, or a value is infinite.</exception>
    public static TimeSeries Query(DuckSession session, string sql, string time, string value, TimeSpan step, params (string Name, object? Value)[] parameters)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(step, TimeSpan.Zero);
        var (timeName, valueName) = (DuckSession.Identifier(time), DuckSession.Identifier(value));
        var rows = session.Query<(DateTime Time, double? Value)>(
            $"SELECT {timeName}::TIMESTAMP, {valueName}::DOUBLE FROM ({sql}) WHERE {timeName} IS NOT NULL ORDER BY 1", parameters);
        if (rows.All(row => row.Value is null))
            throw new DataException($"The query gives no value of '{value}'. Widen the window.") { Column = value };
        var known = rows.Where(row => row.Value is not null).ToList();
        var start = known[0].Time;
        var values = new float[Index(known[^1].Time, start, step, time) + 1];
        Array.Fill(values, float.NaN);
        foreach (var (at, number) in known)
        {
            long index = Index(at, start, step, time);
            if (!float.IsNaN(values[index]))
                throw new DataException($"The time {Text(at)} comes twice in '{time}'. Take one row a time, such as the sum by GROUP BY.") { Column = time, Value = Text(at) };
            values[index] = float.IsFinite((float)number!.Value)   // filtered above
                ? (float)number.Value
                : throw new DataException($"Column '{value}' is {number} at {Text(at)}; a finite number is needed. Write NULL when it is missing.") { Column = value };
        }
        return new() { Start = start, Step = step, Values = values, Filled = Fill(values) };
    }

    /// <summary>Values from <paramref name="start"/> (the first is 0) up to but not including <paramref name="end"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are no such values.</exception>
    public TimeSeries Slice(int start, int end)
    {
        if (start < 0 || end > Values.Length || start > end)
            throw new ArgumentOutOfRangeException(nameof(start), $"{start} to {end}", $"There are values 0 to {Values.Length}.");
        return this with { Start = Start + Step * start, Values = Values[start..end], Filled = 0 };
    }

    private static long Index(DateTime at, DateTime start, TimeSpan step, string column)
    {
        long ticks = (at - start).Ticks;
        return ticks % step.Ticks == 0 ? ticks / step.Ticks
            : throw new DataException($"The time {Text(at)} in '{column}' is no whole number of steps of {step} after the first, {Text(start)}. Round the times in SQL (date_trunc, time_bucket), or give another step.") { Column = column, Value = Text(at) };
    }

    // First and last are known.
    private static int Fill(float[] values)
    {
        int filled = 0;
        for (int i = 1, last = 0; i < values.Length; i++)
        {
            if (float.IsNaN(values[i]))
                continue;
            for (int gap = last + 1; gap < i; gap++, filled++)
                values[gap] = values[last] + (values[i] - values[last]) * (gap - last) / (i - last);
            last = i;
        }
        return filled;
    }

    private static string Text(DateTime time) => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
