using Workbench.Data;
using Workbench.Distributed;
using Workbench.Distributed.Tracing;
using Workbench.Registry;

namespace Workbench.Host.Activities;

/// <summary>
/// What a training did when. One of several ranks always leaves an excerpt of it, about 1 MB, among the artifacts of its run;
/// a training of one does when it is asked for a timeline.
/// </summary>
internal sealed class RunTimeline : IDisposable
{
    /// <summary>Tag of a run: the artifact's address.</summary>
    public const string Tag = "workbench.timeline";

    private readonly ScratchFolder? _folder;

    /// <param name="file">File that the whole goes to; null for none.</param>
    public RunTimeline(string? file)
    {
        if (file is null && Collective.Current.Size == 1)
            return;
        _folder = new();
        Options = new() { Path = file, ExcerptPath = Path.Combine(_folder.Path, "timeline.json") };
    }

    /// <summary>For the training; null records nothing.</summary>
    public TimelineOptions? Options { get; }

    /// <summary>The excerpt, once the training has ended; null where there is none, as on all ranks but the first.</summary>
    public byte[]? Read() => Options?.ExcerptPath is { } path && File.Exists(path) ? File.ReadAllBytes(path) : null;

    /// <summary>Keeps an excerpt with a run; null keeps nothing.</summary>
    public static async Task KeepAsync(ModelRegistry registry, RunId run, byte[]? timeline, CancellationToken cancellationToken)
    {
        if (timeline is not null)
            await registry.SetTagAsync(run, Tag, (await registry.Artifacts.PutBytesAsync(timeline, cancellationToken)).Value, cancellationToken);
    }

    /// <summary>The excerpt that a run keeps; null when it keeps none.</summary>
    /// <exception cref="RegistryException">It keeps one, whose file is missing or was changed.</exception>
    public static async Task<byte[]?> FindAsync(ModelRegistry registry, ExperimentRun run, CancellationToken cancellationToken) =>
        run.Tags.TryGetValue(Tag, out var address) ? await registry.Artifacts.ReadVerifiedAsync(new ArtifactId(address), cancellationToken) : null;

    public void Dispose() => _folder?.Dispose();
}
