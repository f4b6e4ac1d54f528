namespace Workbench.Evaluation.Estimation;

/// <summary>A metric of classes.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Least">Least value, or null.</param>
/// <param name="Most">Greatest value, or null.</param>
/// <param name="Value">On rows; null where they do not define it.</param>
/// <param name="Error">From the labelled reference; null where that says nothing of it.</param>
internal sealed record ClassMetric(
    string Name, double? Least, double? Most, Func<ExpectedRows, double?> Value, Func<ExpectedRows, SamplingError?> Error) : EstimatedMetric(Name, Least, Most);
