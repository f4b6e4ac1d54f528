namespace Workbench.Training.Checkpoints;

/// <summary>A mean in the making.</summary>
internal sealed record LossSum(double Sum, double Weight);
