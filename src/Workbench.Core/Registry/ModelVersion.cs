namespace Workbench.Registry;

/// <summary>A registered version of a model. Only its aliases change after registration.</summary>
public sealed record ModelVersion
{
    /// <summary>Name of the model.</summary>
    public required string Name { get; init; }
    /// <summary>Number of the version, from 1 without gaps.</summary>
    public required int Version { get; init; }
    /// <summary>Business time of registration.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
    /// <summary>Its files, in the order of their paths.</summary>
    public required IReadOnlyList<ArtifactFile> Files { get; init; }
    /// <summary>What it was measured at, by name.</summary>
    public required IReadOnlyDictionary<string, double> Metrics { get; init; }
    /// <summary>What it was trained with, by name.</summary>
    public required IReadOnlyDictionary<string, string> Parameters { get; init; }
    /// <summary>Hash of the data it was trained on.</summary>
    public required string DataHash { get; init; }
    /// <summary>Hash of the notebook that trained it, or null.</summary>
    public string? NotebookHash { get; init; }
    /// <summary>Where it was trained.</summary>
    public required EnvironmentSnapshot Environment { get; init; }
    /// <summary>The tracked run that made it, or null.</summary>
    public RunId? RunId { get; init; }
    /// <summary>Free notes, by name.</summary>
    public required IReadOnlyDictionary<string, string> Tags { get; init; }
    /// <summary>A sentence for readers, or null.</summary>
    public string? Description { get; init; }
    /// <summary>Aliases that point at this version now, in alphabetical order.</summary>
    public required IReadOnlyList<string> Aliases { get; init; }

    /// <summary>The file stored under <paramref name="path"/>.</summary>
    /// <exception cref="RegistryException">The version has no such file; lists those it has.</exception>
    public ArtifactFile File(string path) =>
        Files.FirstOrDefault(file => file.Path == path)
        ?? throw new RegistryException($"Version {Version} of model '{Name}' has no file '{path}'. {Spelling.Suggest(path, [.. Files.Select(file => file.Path)])}");

    /// <summary>Name and number, such as <c>churn 3</c>.</summary>
    public override string ToString() => $"{Name} {Version}";
}
