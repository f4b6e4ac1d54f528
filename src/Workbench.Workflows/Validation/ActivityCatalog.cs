namespace Workbench.Workflows.Validation;

/// <summary>The activity types that definitions may use: those the engine brings, and those the host registers. Immutable.</summary>
public sealed class ActivityCatalog
{
    private readonly SortedDictionary<string, ActivityDescriptor> _descriptors = new(StringComparer.Ordinal);

    /// <summary>The engine's own types and <paramref name="registered"/>.</summary>
    /// <exception cref="ArgumentException">A type is registered twice, or a descriptor says fewer than one attempt.</exception>
    public ActivityCatalog(params IEnumerable<ActivityDescriptor> registered)
    {
        ArgumentNullException.ThrowIfNull(registered);
        foreach (var descriptor in BuiltInActivities.Descriptors.Concat(registered))
        {
            if (!_descriptors.TryAdd(descriptor.TypeName, descriptor))
                throw new ArgumentException($"Activity type '{descriptor.TypeName}' is registered twice. Register it once.", nameof(registered));
            if (descriptor.MaxAttempts < 1)
                throw new ArgumentException($"Activity type '{descriptor.TypeName}' has MaxAttempts {descriptor.MaxAttempts}; allowed are 1 and more.", nameof(registered));
        }
    }

    /// <summary>All descriptors, ordered by type name.</summary>
    public IReadOnlyCollection<ActivityDescriptor> Descriptors => _descriptors.Values;

    /// <summary>The type's descriptor, or null when it is unknown. Case-sensitive.</summary>
    public ActivityDescriptor? Find(string typeName) => _descriptors.GetValueOrDefault(typeName);
}
