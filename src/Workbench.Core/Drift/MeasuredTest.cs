namespace Workbench.Drift;

/// <summary>A test and what it measured.</summary>
internal sealed record MeasuredTest(DriftTest Test, DriftMeasure Measure);
