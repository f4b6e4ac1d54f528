namespace Workbench.Evaluation;

/// <summary>One class of a <see cref="MulticlassReport"/>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Rows">Rows labelled with it.</param>
/// <param name="Precision">TP / (TP + FP); null when no row was predicted as it.</param>
/// <param name="Recall">TP / (TP + FN); null when no row is labelled with it.</param>
/// <param name="F1">2 TP / (2 TP + FP + FN); null when it neither occurs nor was predicted.</param>
public sealed record ClassReport(string Name, long Rows, double? Precision, double? Recall, double? F1);
