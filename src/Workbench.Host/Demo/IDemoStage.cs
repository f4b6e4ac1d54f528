namespace Workbench.Host.Demo;

/// <summary>One chapter of a model's life. It checks itself: what does not hold is a <see cref="DemoFailure"/>.</summary>
internal interface IDemoStage
{
    /// <summary>A few words.</summary>
    string Title { get; }

    /// <summary>Does it, and tells the figures.</summary>
    Task<StageResult> RunAsync(DemoWorld world, IProgress<StageProgress> progress, CancellationToken cancellationToken);
}
