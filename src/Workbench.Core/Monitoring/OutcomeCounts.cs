namespace Workbench.Monitoring;

/// <summary>Predictions against their labels, counted; class 1 is the positive one.</summary>
public sealed record OutcomeCounts
{
    /// <summary>Predictions, labelled or not.</summary>
    public long Predictions { get; init; }
    /// <summary>Predictions whose label is known.</summary>
    public long Labelled { get; init; }
    /// <summary>Labelled predictions that named a class, and so can be right or wrong.</summary>
    public long Judged { get; init; }
    /// <summary>Predictions of the true class.</summary>
    public long Correct { get; init; }
    /// <summary>Predicted 1, is 1.</summary>
    public long TruePositives { get; init; }
    /// <summary>Predicted 1, is another class.</summary>
    public long FalsePositives { get; init; }
    /// <summary>Predicted another class, is 1.</summary>
    public long FalseNegatives { get; init; }
    /// <summary>Mean time from the prediction to its label, or null when none is labelled.</summary>
    public TimeSpan? MeanLabelDelay { get; init; }

    /// <summary>Predictions whose label did not arrive.</summary>
    public long Pending => Predictions - Labelled;
    /// <summary>Correct / judged, or null when nothing is judged.</summary>
    public double? Accuracy => Ratio(Correct, Judged);
    /// <summary>True positives / predicted positives, or null when none was predicted.</summary>
    public double? Precision => Ratio(TruePositives, TruePositives + FalsePositives);
    /// <summary>True positives / actual positives, or null when there is none.</summary>
    public double? Recall => Ratio(TruePositives, TruePositives + FalseNegatives);
    /// <summary>2 TP / (2 TP + FP + FN), or null when there is no positive on either side.</summary>
    public double? F1 => Ratio(2 * TruePositives, 2 * TruePositives + FalsePositives + FalseNegatives);

    private static double? Ratio(long part, long whole) => whole == 0 ? null : (double)part / whole;
}
