using Workbench.Data;
using Workbench.Host.Activities;
using Workbench.Registry;
using Workbench.Workflows.Runtime;
using Workbench.Workflows.Storage;

namespace Workbench.Host;

/// <summary>What a data folder holds, opened: the registry and the workflows. The server and the commands share it.</summary>
internal sealed record Installation(DataFolder Folder, ModelRegistry Registry, WorkflowStore Workflows, WorkflowEngine Engine)
{
    /// <exception cref="DataException">The folder cannot be written, or its database is damaged or out of reach; says which and what to do.</exception>
    public static async Task<Installation> OpenAsync(DataFolder folder, TimeProvider? clock = null, CancellationToken cancellationToken = default)
    {
        var registry = ModelRegistry.Open(folder, clock);
        var workflows = WorkflowStore.Open(folder.Address.Text);
        await workflows.MigrateAsync(cancellationToken);
        return new(folder, registry, workflows, new WorkflowEngine(workflows, StepActivities.Catalog));
    }
}
