namespace Workbench.Registry;

/// <summary>What <see cref="ModelRegistry.RegisterAsync"/> keeps of a trained model.</summary>
public sealed record NewModelVersion
{
    /// <summary>
    /// Environment variable with the key of the pipeline step that runs this process, so that a step that is run again
    /// does not register twice.
    /// </summary>
    public const string StepKeyVariable = "WORKBENCH_STEP_KEY";
    /// <summary>Environment variable that holds the hash of the notebook that is running.</summary>
    public const string NotebookHashVariable = "WORKBENCH_NOTEBOOK_HASH";

    /// <summary>Name of the model, such as <c>churn</c>: letters, digits, <c>-</c>, <c>_</c> and <c>.</c>.</summary>
    public required string Name { get; init; }
    /// <summary>The model's files: path within the version to path on disk. See <see cref="FilesIn"/>.</summary>
    public required IReadOnlyDictionary<string, string> Files { get; init; }
    /// <summary>Hash of the data it was trained on.</summary>
    public required string DataHash { get; init; }
    /// <summary>Hash of the notebook that trained it, or null. Default: the environment variable <see cref="NotebookHashVariable"/>, which a headless run sets.</summary>
    public string? NotebookHash { get; init; } = FromEnvironment(NotebookHashVariable);
    /// <summary>What it was measured at, by name.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();
    /// <summary>What it was trained with, by name.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();
    /// <summary>Where it was trained; null captures the present process.</summary>
    public EnvironmentSnapshot? Environment { get; init; }
    /// <summary>The tracked run that made it, or null.</summary>
    public RunId? RunId { get; init; }
    /// <summary>Free notes, by name.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
    /// <summary>A sentence for readers, or null.</summary>
    public string? Description { get; init; }
    /// <summary>
    /// A repeated key of the same model returns the version that was registered with it. Default: <see cref="StepKeyVariable"/>
    /// of the environment, or null for none. A step that registers several versions of one model gives each its own key.
    /// </summary>
    public string? IdempotencyKey { get; init; } = FromEnvironment(StepKeyVariable);

    /// <summary>Every file of <paramref name="folder"/> and below, for <see cref="Files"/>.</summary>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    public static IReadOnlyDictionary<string, string> FilesIn(string folder) => ArtifactPaths.FilesBelow(folder);

    private static string? FromEnvironment(string variable) => System.Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}
