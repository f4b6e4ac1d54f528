using Workbench.Data;

namespace Workbench.Drift.Sources;

/// <summary>Rows of this process, put into a private DuckDB.</summary>
internal static class DuckMemory
{
    public const string Table = "source";

    public static DuckInput Open(string name, Action<DuckSession> fill, CancellationToken cancellationToken)
    {
        var session = DuckSession.Open();
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            fill(session);
            return DuckInput.Open(session.Connection, session, Table, name, cancellationToken);
        }
        catch (DataException failure) when (failure.Origin is null)
        {
            session.Dispose();
            throw new DataException($"Cannot read '{name}': {SourceFailure.FirstLine(failure.InnerException?.Message ?? failure.Message)} Columns need names that differ by more than case, and types that a table can hold.", failure)
            {
                Origin = name, Column = failure.Column, Value = failure.Value,
            };
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    public static void Register(DuckSession session, IReadOnlyDictionary<string, Array> columns, int rows) => DuckTable.Create(
        session, Table,
        columns.Select(column => new DuckTable.Source(column.Key, column.Value.GetType().GetElementType()!, row => column.Value.GetValue(row))).ToList(), // an array has elements
        rows);
}
