namespace Workbench.Features;

/// <summary>How raw columns become what a model learns from.</summary>
public sealed record TabularPreprocessing
{
    /// <summary>What stands for a missing number. Default the mean.</summary>
    public MissingNumbers MissingNumbers { get; init; } = MissingNumbers.Mean;

    /// <summary>Whether a column that misses numbers in the training rows gets a second input, 1 where the number is missing and else 0. Default false.</summary>
    public bool MissingIndicators { get; init; }

    /// <summary>Training rows that a category needs to be known by itself; rarer ones share the bucket of the unseen. At least 1, the default.</summary>
    public int MinimumCategoryRows { get; init; } = 1;
}
