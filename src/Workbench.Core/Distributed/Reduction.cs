namespace Workbench.Distributed;

/// <summary>How values of all ranks become one.</summary>
public enum Reduction
{
    /// <summary>Their sum.</summary>
    Sum,
    /// <summary>The greatest.</summary>
    Max,
    /// <summary>The least.</summary>
    Min,
}
