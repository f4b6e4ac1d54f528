namespace Workbench.Workflows.Runtime;

/// <summary>The version that runs start from, as it was read, ready to be started.</summary>
internal sealed record PublishedDefinition(string VersionId, PinnedDefinition Pinned, long Revision);
