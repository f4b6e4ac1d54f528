namespace Workbench.Workflows.Runtime;

/// <summary>
/// The places of a worker that no step has. A step that takes more than there are waits, and so do those behind it, so that it is not
/// overtaken for ever; one that takes more than the worker has at all runs alone.
/// </summary>
/// <param name="Count">So many; below 0 while one runs that takes more than there are.</param>
/// <param name="IsIdle">Whether all are free.</param>
internal sealed record FreePlaces(int Count, bool IsIdle)
{
    public bool HasRoomFor(int places) => places <= Count || IsIdle;

    public FreePlaces Without(int places) => new(Count - places, IsIdle: false);
}
