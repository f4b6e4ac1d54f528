namespace Workbench.Evaluation;

/// <summary>Counts of rows by prediction and label.</summary>
/// <param name="TruePositives">Predicted 1, labelled 1.</param>
/// <param name="FalsePositives">Predicted 1, labelled 0.</param>
/// <param name="TrueNegatives">Predicted 0, labelled 0.</param>
/// <param name="FalseNegatives">Predicted 0, labelled 1.</param>
public sealed record ConfusionMatrix(int TruePositives, int FalsePositives, int TrueNegatives, int FalseNegatives);
