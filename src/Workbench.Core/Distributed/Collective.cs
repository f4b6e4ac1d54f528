namespace Workbench.Distributed;

/// <summary>The ranks that this process belongs to.</summary>
public static class Collective
{
    /// <summary>A process alone.</summary>
    public static ICollective Single { get; } = new SingleCollective();

    /// <summary>
    /// The ranks of the job that this process was started for; <see cref="Single"/> outside of one. Training takes it by
    /// default, so that the same code runs on one rank and on many.
    /// </summary>
    public static ICollective Current { get; private set; } = Single;

    /// <summary>Ranks that the job began with, when it was restarted with fewer; else the current number.</summary>
    public static int SizeAtStart { get; private set; } = 1;

    /// <summary>Makes <paramref name="ranks"/> the current ones until disposed. Once, before any training.</summary>
    /// <param name="ranks">Of this process's job.</param>
    /// <param name="sizeAtStart">Ranks that the job began with; null for as many as there are.</param>
    /// <exception cref="InvalidOperationException">There are other current ranks already.</exception>
    internal static IDisposable Enter(ICollective ranks, int? sizeAtStart = null)
    {
        if (Current != Single)
            throw new InvalidOperationException($"This process is rank {Current.Rank} of {Current.Size} already.");
        (Current, SizeAtStart) = (ranks, Math.Max(ranks.Size, sizeAtStart ?? ranks.Size));
        return new Left();
    }

    private sealed class Left : IDisposable
    {
        public void Dispose() => (Current, SizeAtStart) = (Single, 1);
    }
}
