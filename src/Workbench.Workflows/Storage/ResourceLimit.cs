namespace Workbench.Workflows.Storage;

/// <summary>A resource that steps need: how much there is in all, on all hosts, and how much running steps hold now.</summary>
public sealed record ResourceLimit(string Resource, int Capacity, int InUse);
