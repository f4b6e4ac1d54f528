namespace Workbench.Training;

/// <summary>How boosted trees are grown; read by the architectures LightGbm and FastTree only.</summary>
public sealed record TreeOptions
{
    /// <summary>Rounds of boosting, 1 to 10,000; those after the lowest validation loss are cut off. Default 300.</summary>
    public int Rounds { get; init; } = 300;

    /// <summary>Most leaves a tree, 2 to 4,096. Default 31.</summary>
    public int Leaves { get; init; } = 31;

    /// <summary>Share of each tree that counts, greater than 0, at most 1. Default 0.05.</summary>
    public double LearningRate { get; init; } = 0.05;

    /// <summary>Fewest training rows a leaf, 1 to 1,000,000. Default 20.</summary>
    public int MinimumLeafRows { get; init; } = 20;
}
