namespace Workbench.Drift.Presets;

/// <summary>A test of a preset under the name that its users know.</summary>
internal sealed record NamedTest(string Name, Func<DriftTest> Create);
