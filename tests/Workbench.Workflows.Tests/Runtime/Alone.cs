namespace Workbench.Workflows.Runtime;

/// <summary>Tests that measure the process, and therefore run while no others do.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
