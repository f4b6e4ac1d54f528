using Workbench.Drift.Categorical;
using Workbench.Drift.Numeric;

namespace Workbench.Drift.Sources;

/// <summary>Reads the columns of one side, one after the other; for one thread at a time. A source's own failures come out as <see cref="Data.DataException"/> with its name.</summary>
internal abstract class ColumnReader : IDisposable
{
    /// <summary>The column as DOUBLE, whole.</summary>
    public abstract NumericColumn Numbers(string column, CancellationToken cancellationToken);

    /// <summary>Rows of each value as text.</summary>
    public abstract CategoryColumn Categories(string column, CancellationToken cancellationToken);

    /// <summary>Rows whose value is not NULL.</summary>
    public abstract long Count(string column, CancellationToken cancellationToken);

    /// <summary>Different values, NULL not counted.</summary>
    public abstract long Distinct(string column, CancellationToken cancellationToken);

    public abstract void Dispose();
}
