namespace Workbench.Distributed.Launch;

/// <summary>What a rank is doing.</summary>
public enum RankState
{
    /// <summary>It has made no step yet.</summary>
    Starting,
    /// <summary>It computes.</summary>
    Computing,
    /// <summary>It waits for the others in a collective operation.</summary>
    InCollective,
    /// <summary>It is done.</summary>
    Done,
}
