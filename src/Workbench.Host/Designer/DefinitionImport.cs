using System.Text.Json.Nodes;
using Workbench.Host.Activities;
using Workbench.Workflows;
using Workbench.Workflows.Model;
using Workbench.Workflows.Storage;

namespace Workbench.Host.Designer;

/// <summary>Takes definitions in, as drafts, and makes copies.</summary>
internal static class DefinitionImport
{
    /// <summary>Saves a definition that came from outside as a draft.</summary>
    /// <exception cref="WorkflowException">It is no definition, or its root is none that runs here.</exception>
    public static async Task<WorkflowDefinition> SaveAsync(JsonObject json, ImportMode mode, WorkflowStore store, CancellationToken cancellationToken)
    {
        var definition = DefinitionIntake.Read(json, StepActivities.Catalog);
        if (definition.Root.Type != Flowchart.TypeName)
            throw new WorkflowException($"The root of '{definition.DefinitionId}' is a '{definition.Root.Type}'; only {Flowchart.TypeName} runs here.");
        if (mode == ImportMode.New && await store.GetLatestAsync(definition.DefinitionId, cancellationToken) is not null)
            definition = definition with { DefinitionId = await FreeIdAsync(definition.DefinitionId, store, cancellationToken) };
        return await store.SaveDefinitionAsync(definition, publish: false, cancellationToken);
    }

    /// <summary>A copy of the newest version as a draft of its own; without an id, the next free one.</summary>
    /// <exception cref="WorkflowException">The definition is unknown, or the new id is taken.</exception>
    public static async Task<WorkflowDefinition> DuplicateAsync(string id, string? newId, WorkflowStore store, CancellationToken cancellationToken)
    {
        var original = await store.GetLatestAsync(id, cancellationToken) ?? throw new WorkflowException($"There is no workflow '{id}' to copy.");
        if (newId is not null && await store.GetLatestAsync(newId, cancellationToken) is not null)
            throw new WorkflowException($"The workflow '{newId}' is there already. Choose another id for the copy of '{id}'.");
        var copyId = newId ?? await FreeIdAsync($"{id}-copy", store, cancellationToken);
        return await store.SaveDefinitionAsync(original with { DefinitionId = copyId, Name = $"{(original.Name.Length > 0 ? original.Name : id)} (copy)" }, publish: false, cancellationToken);
    }

    private static async Task<string> FreeIdAsync(string id, WorkflowStore store, CancellationToken cancellationToken)
    {
        var candidate = id;
        for (int i = 2; await store.GetLatestAsync(candidate, cancellationToken) is not null; i++)
            candidate = $"{id}-{i}";
        return candidate;
    }
}
