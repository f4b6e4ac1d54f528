using System.Data.Common;
using Workbench.Workflows.Storage;

namespace Workbench.Workflows;

/// <summary>A database that is out of reach when the test says so.</summary>
internal sealed class OutageDialect(SqlDialect inner) : SqlDialect
{
    private int _refused;

    public bool IsOut { get; set; }
    public int Refused => _refused;

    public override string Now => inner.Now;
    public override string ConnectionString => inner.ConnectionString;
    public override bool IsShared => inner.IsShared;
    public override string ForUpdate => inner.ForUpdate;
    public override string ForShare => inner.ForShare;
    public override string WakeWorkers => inner.WakeWorkers;
    public override string SkipLocked(string table) => inner.SkipLocked(table);
    public override string LockTable(string table) => inner.LockTable(table);
    public override string IsAnyOf(string parameter) => inner.IsAnyOf(parameter);
    public override bool IsTransient(Exception failure) => inner.IsTransient(failure);
    public override Task ListenAsync(Action wake, CancellationToken cancellationToken) => inner.ListenAsync(wake, cancellationToken);
    public override Task MigrateAsync(CancellationToken cancellationToken) => inner.MigrateAsync(cancellationToken);
    public override ValueTask DisposeAsync() => inner.DisposeAsync();

    public override Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        if (!IsOut)
            return inner.OpenAsync(cancellationToken);
        Interlocked.Increment(ref _refused);
        throw new WorkflowException("The database is out of reach.") { IsUnavailable = true };
    }
}
