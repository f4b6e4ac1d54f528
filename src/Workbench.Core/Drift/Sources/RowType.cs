namespace Workbench.Drift.Sources;

/// <summary>How a column is read row by row.</summary>
internal enum RowType
{
    /// <summary>As DOUBLE.</summary>
    Number,
    /// <summary>As VARCHAR.</summary>
    Text,
    /// <summary>As a list of DOUBLE.</summary>
    Vector,
}
