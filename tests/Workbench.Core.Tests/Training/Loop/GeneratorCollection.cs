namespace Workbench.Core.Tests.Training.Loop;

/// <summary>Tests that compare bits run alone: libtorch has one generator a process, and other tests' networks draw from it.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class GeneratorCollection
{
    public const string Name = "libtorch's generator";
}
