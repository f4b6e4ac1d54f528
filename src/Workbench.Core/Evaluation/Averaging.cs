namespace Workbench.Evaluation;

/// <summary>How the values of several classes become one.</summary>
public enum Averaging
{
    /// <summary>Mean over the classes.</summary>
    Macro,
    /// <summary>Over all rows together; with one label a row it equals the accuracy.</summary>
    Micro,
    /// <summary>Mean over the classes, each weighing as its labelled rows do.</summary>
    Weighted,
}
