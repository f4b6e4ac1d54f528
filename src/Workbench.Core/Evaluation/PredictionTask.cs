namespace Workbench.Evaluation;

/// <summary>What a model predicts.</summary>
public enum PredictionTask
{
    /// <summary>One of two classes: the score is the probability of class 1.</summary>
    Binary,
    /// <summary>One of C classes: the scores are C probabilities that sum to 1.</summary>
    Multiclass,
    /// <summary>A number.</summary>
    Regression,
}
