namespace Workbench.Workflows.Runtime;

/// <summary>Between reading a published definition and inserting its run somebody changed it: the start reads it again.</summary>
internal sealed class DefinitionChangedException(string definitionId)
    : Exception($"The workflow '{definitionId}' is changed again and again while a run of it starts. Start the run again when it is left alone.");
