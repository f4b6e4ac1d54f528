using System.Collections.Concurrent;
using Workbench.Workflows.Storage;
using Workbench.Workflows.Validation;

namespace Workbench.Workflows.Runtime;

/// <summary>Versions by id, read once: a version that a run is pinned to never changes.</summary>
internal sealed class PinnedDefinitions(WorkflowStore store, ActivityCatalog catalog)
{
    private readonly ConcurrentDictionary<string, PinnedDefinition> _known = new();

    /// <summary>The version of a run that is in the database.</summary>
    public async Task<PinnedDefinition> GetAsync(string versionId, CancellationToken cancellationToken = default)
    {
        if (_known.TryGetValue(versionId, out var known))
            return known;
        var definition = await store.GetByVersionIdAsync(versionId, cancellationToken)
            ?? throw new WorkflowException($"The workflow version '{versionId}' is not in the database, but a run is pinned to it. Restore the database.");
        return _known.GetOrAdd(versionId, new PinnedDefinition(definition, new(definition.Root, catalog)));
    }

    /// <summary>A version that was just read, and that no run may be pinned to yet: it is not kept, for it may still change.</summary>
    public PinnedDefinition Read(DefinitionRow row)
    {
        var definition = WorkflowStore.ToDefinition(row);
        return new PinnedDefinition(definition, new(definition.Root, catalog));
    }
}
