namespace Workbench.Training.Tuning;

/// <summary>What a sampler knows of a trial; of the values, lower is better.</summary>
internal sealed record PastTrial(int Number, TrialState State, double[] Coordinates, double Value, long LastStep);
