namespace Workbench.Serving.Tests;

/// <summary>Tests that need libtorch's one random generator for themselves, and therefore run while no others build modules.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
