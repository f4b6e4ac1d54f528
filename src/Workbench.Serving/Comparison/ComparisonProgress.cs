namespace Workbench.Serving.Comparison;

/// <summary>One training of a comparison is done.</summary>
/// <param name="Candidate">Whose.</param>
/// <param name="Seed">With which seed.</param>
/// <param name="Done">Trainings done, this one included.</param>
/// <param name="Total">Trainings of the whole comparison.</param>
/// <param name="Value">The metric on the rows held out, or null where they do not define it.</param>
/// <param name="Duration">What the training took.</param>
public sealed record ComparisonProgress(string Candidate, long Seed, int Done, int Total, double? Value, TimeSpan Duration);
