namespace Workbench.Training.Tuning;

/// <summary>What becomes of a trial that reported a value.</summary>
public enum TrialVerdict
{
    /// <summary>It goes on.</summary>
    Continue,
    /// <summary>It is pruned, and over.</summary>
    Pruned,
    /// <summary>The value was no finite number: it has failed, and is over.</summary>
    Failed,
}
