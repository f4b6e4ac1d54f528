namespace Workbench.Training.Tuning;

/// <summary>What kind of values a parameter takes.</summary>
public enum SearchParameterKind
{
    /// <summary>A number between two bounds, both included.</summary>
    Float,
    /// <summary>A whole number between two bounds, both included.</summary>
    Int,
    /// <summary>One of a list of choices, which have no order.</summary>
    Categorical,
}
