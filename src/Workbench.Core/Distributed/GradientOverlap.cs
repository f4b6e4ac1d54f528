namespace Workbench.Distributed;

/// <summary>Whether gradients are exchanged while the backward pass still computes others.</summary>
public enum GradientOverlap
{
    /// <summary>On where the ranks run on several hosts; off on one, whose cores the backward pass uses already.</summary>
    Auto,
    /// <summary>Yes.</summary>
    On,
    /// <summary>No: after the backward pass.</summary>
    Off,
}
