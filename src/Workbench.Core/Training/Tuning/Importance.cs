namespace Workbench.Training.Tuning;

/// <summary>How much of the difference between trials one parameter explains by itself.</summary>
/// <param name="Parameter">Name of the parameter.</param>
/// <param name="Share">Its part of what all parameters explain by themselves, 0 to 1; the shares of a study add up to 1.</param>
public sealed record Importance(string Parameter, double Share);
