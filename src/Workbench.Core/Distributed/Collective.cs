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

    /// <summary>Makes <paramref name="ranks"/> the current ones until disposed. Once, before any training.</summary>
    /// <exception cref="InvalidOperationException">There are other current ranks already.</exception>
    internal static IDisposable Enter(ICollective ranks)
    {
        if (Current != Single)
            throw new InvalidOperationException($"This process is rank {Current.Rank} of {Current.Size} already.");
        Current = ranks;
        return new Left();
    }

    private sealed class Left : IDisposable
    {
        public void Dispose() => Current = Single;
    }
}
