namespace Workbench.Workflows.Triggers;

/// <summary>The latest moments that are due, oldest first; how many came before them; the first that is not due yet, or null.</summary>
internal sealed record DueMoments(IReadOnlyList<DateTimeOffset> Latest, long Earlier, DateTimeOffset? Following)
{
    /// <summary>How late a moment may be to count as on time. Quartz's own misfire threshold.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(60);

    /// <summary>The moments that start a run, and how many of the due ones do not.</summary>
    public (IReadOnlyList<DateTimeOffset> Fire, long Missed) Choose(TriggerMisfire policy, DateTimeOffset now)
    {
        IReadOnlyList<DateTimeOffset> fire = policy switch
        {
            TriggerMisfire.All => Latest,
            TriggerMisfire.Once => [.. Latest.TakeLast(1)],
            _ => [.. Latest.TakeLast(1).Where(moment => now - moment <= Tolerance)],
        };
        return (fire, Earlier + Latest.Count - fire.Count);
    }

    /// <summary>How many moments a policy looks at.</summary>
    public static int Kept(TriggerSettings settings) => settings.Misfire == TriggerMisfire.All ? settings.MisfireLimit : 1;
}
