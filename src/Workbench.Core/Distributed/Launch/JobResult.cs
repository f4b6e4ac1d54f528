namespace Workbench.Distributed.Launch;

/// <summary>How a job ended. No process of it is left.</summary>
/// <param name="Succeeded">Whether every rank said it was done and every process ended well.</param>
/// <param name="Attempts">How often it was started, at least 1.</param>
/// <param name="InitialSize">Number of ranks of the first attempt.</param>
/// <param name="FinalSize">Number of ranks of the last attempt.</param>
/// <param name="Reasons">Why each attempt failed that did, in order.</param>
public sealed record JobResult(bool Succeeded, int Attempts, int InitialSize, int FinalSize, IReadOnlyList<string> Reasons)
{
    /// <summary>The model that the job registered, the last of several; null when it registered none.</summary>
    public JobModel? Model { get; init; }
}
