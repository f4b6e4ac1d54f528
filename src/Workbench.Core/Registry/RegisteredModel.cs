namespace Workbench.Registry;

/// <summary>A model by name, with its newest version and its aliases.</summary>
public sealed record RegisteredModel
{
    /// <summary>Name of the model.</summary>
    public required string Name { get; init; }
    /// <summary>Business time of its first registration.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
    /// <summary>Number of the newest version.</summary>
    public required int LatestVersion { get; init; }
    /// <summary>Alias to version number.</summary>
    public required IReadOnlyDictionary<string, int> Aliases { get; init; }
}
