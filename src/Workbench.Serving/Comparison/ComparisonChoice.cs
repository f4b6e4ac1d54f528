namespace Workbench.Serving.Comparison;

/// <summary>Which candidate to take, and why.</summary>
/// <param name="Winner">Name of the simplest candidate that is not worse than the best beyond chance; null when none is within the limit.</param>
/// <param name="Best">Name of the best of those within the limit; null when none is.</param>
/// <param name="Why">In words, with figures.</param>
public sealed record ComparisonChoice(string? Winner, string? Best, string Why);
