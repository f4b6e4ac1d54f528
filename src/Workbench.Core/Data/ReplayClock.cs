using System.Globalization;

namespace Workbench.Data;

/// <summary>
/// A clock that stands where it was set, for replaying history: the demo lives through months in minutes, a backtest
/// asks what would have happened. Child processes inherit the time through <see cref="EnvironmentVariable"/>.
/// Thread-safe.
/// </summary>
public sealed class ReplayClock(DateTimeOffset start) : TimeProvider
{
    /// <summary>ISO 8601 time at which a process's business clock stands; absent in real operation.</summary>
    public const string EnvironmentVariable = "WORKBENCH_REPLAY_TIME";

    private long _utcTicks = start.UtcTicks;

    /// <summary>The system's clock, or a replay clock when the environment names a time.</summary>
    /// <exception cref="DataException">The variable is set and is no ISO 8601 time.</exception>
    public static TimeProvider FromEnvironment()
    {
        if (Environment.GetEnvironmentVariable(EnvironmentVariable) is not { Length: > 0 } text)
            return System;
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            throw new DataException($"{EnvironmentVariable} is '{text}', which is no ISO 8601 time such as 2025-04-08T00:00:00Z. Correct or unset it.");
        return new ReplayClock(time);
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _utcTicks), TimeSpan.Zero);

    /// <summary>Moves the clock forward to <paramref name="time"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time lies before the clock's.</exception>
    public void AdvanceTo(DateTimeOffset time)
    {
        if (time.UtcTicks < Interlocked.Read(ref _utcTicks))
            throw new ArgumentOutOfRangeException(nameof(time), time, $"A clock never runs back; it stands at {GetUtcNow():O}.");
        Interlocked.Exchange(ref _utcTicks, time.UtcTicks);
    }
}
