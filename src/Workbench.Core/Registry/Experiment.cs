namespace Workbench.Registry;

/// <summary>A named group of runs.</summary>
/// <param name="Id">Text id; <c>"0"</c> is the experiment <c>Default</c>, which always exists.</param>
/// <param name="Name">Unique name.</param>
/// <param name="CreatedAt">Business time of creation.</param>
public sealed record Experiment(string Id, string Name, DateTimeOffset CreatedAt);
