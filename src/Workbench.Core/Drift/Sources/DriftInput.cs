using Workbench.Data;

namespace Workbench.Drift.Sources;

/// <summary>One opened side of a comparison.</summary>
internal abstract class DriftInput : IDisposable
{
    /// <summary>What the report calls it.</summary>
    public required string Name { get; init; }
    /// <summary>Name and type (as DuckDB calls it), in order.</summary>
    public abstract IReadOnlyList<TableColumn> Columns { get; }
    public abstract long Rows { get; }

    /// <summary>False when only sketches of the rows are there.</summary>
    public virtual bool HasRows => true;

    /// <summary>Keeps the memory of what reads this side to about so many bytes, where it is ours.</summary>
    public virtual void LimitMemory(long bytes) { }

    /// <summary>A reader for one worker; the caller disposes it.</summary>
    public abstract ColumnReader Connect();

    /// <summary>True when rows can be read one by one only from a copy.</summary>
    public virtual bool NeedsCopy => false;

    /// <summary>Copies all rows of some columns to where they can be read one by one; the caller disposes the copy, which does not need this side any more.</summary>
    /// <param name="columns">Names; at least one.</param>
    /// <param name="memoryBytes">Memory that the copy may take.</param>
    /// <param name="cancellationToken">Stops the copying.</param>
    public virtual DuckInput Copy(IReadOnlyCollection<string> columns, long memoryBytes, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"'{Name}' needs no copy.");

    public abstract void Dispose();
}
