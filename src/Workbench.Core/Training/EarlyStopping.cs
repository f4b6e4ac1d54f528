namespace Workbench.Training;

/// <summary>Ends a training that no longer gets better.</summary>
public sealed record EarlyStopping
{
    /// <summary>Validations without a better value after which training stops, at least 1. Default 5.</summary>
    public int Patience { get; init; } = 5;
    /// <summary>Smallest change that counts as better, not negative. Default 0.</summary>
    public double MinimumChange { get; init; }
}
