namespace Workbench.Drift.Sources;

/// <summary>One opened side of a comparison.</summary>
internal abstract class DriftInput : IDisposable
{
    /// <summary>What the report calls it.</summary>
    public required string Name { get; init; }
    /// <summary>Name and type (as DuckDB calls it), in order.</summary>
    public abstract IReadOnlyList<(string Name, string Type)> Columns { get; }
    public abstract long Rows { get; }

    /// <summary>False when only sketches of the rows are there.</summary>
    public virtual bool HasRows => true;

    /// <summary>Keeps the memory of what reads this side to about so many bytes, where it is ours.</summary>
    public virtual void LimitMemory(long bytes) { }

    /// <summary>A reader for one worker; the caller disposes it.</summary>
    public abstract ColumnReader Connect();

    public abstract void Dispose();
}
