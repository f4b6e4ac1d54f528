namespace Workbench.Training.Tuning;

/// <summary>Which values are better.</summary>
public enum StudyDirection
{
    /// <summary>Lower is better, as of a loss.</summary>
    Minimise,
    /// <summary>Higher is better, as of an accuracy.</summary>
    Maximise,
}
