namespace Workbench.Distributed;

/// <summary>What becomes of rows when their number is no multiple of the ranks.</summary>
public enum UnevenRows
{
    /// <summary>Some of the epoch's first rows are taken twice, so that every rank has equally many.</summary>
    Pad,
    /// <summary>The last rows of the epoch's order are left out.</summary>
    Drop,
}
