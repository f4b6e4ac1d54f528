namespace Workbench.Drift.Sources;

/// <summary>Some rows of several columns, which are numbered as they were asked for. It is gone when the action that got it returns.</summary>
internal abstract class RowChunk
{
    /// <summary>At least 1.</summary>
    public abstract int Rows { get; }

    /// <summary>A column read as <see cref="RowType.Number"/>; NaN where it is NULL.</summary>
    public abstract ReadOnlySpan<double> Numbers(int column);

    /// <summary>A value of a column read as <see cref="RowType.Text"/>; null where it is NULL.</summary>
    public abstract string? Text(int column, int row);

    /// <summary>A value of a column read as <see cref="RowType.Vector"/>: empty where it is NULL, NaN where a member is.</summary>
    public abstract ReadOnlySpan<double> Vector(int column, int row);
}
