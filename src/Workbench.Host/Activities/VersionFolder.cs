using Workbench.Registry;

namespace Workbench.Host.Activities;

/// <summary>A folder among the files of a version.</summary>
internal static class VersionFolder
{
    /// <summary>Writes the version's files below <paramref name="name"/> into <paramref name="destination"/>, each checked against its hash.</summary>
    /// <exception cref="RegistryException">The version has no such folder, or a file is damaged.</exception>
    public static async Task MaterialiseAsync(ModelRegistry registry, ModelVersion version, string name, string destination, CancellationToken cancellationToken)
    {
        var files = version.Files.Where(file => file.Path.StartsWith(name + "/", StringComparison.Ordinal)).ToList();
        if (files.Count == 0)
            throw new RegistryException($"{version.Name} v{version.Version} keeps no '{name}' rows. Register it with the files of a saved TabularData under '{name}/'.");
        foreach (var file in files)
            await registry.Artifacts.MaterialiseAsync(file.ArtifactId, Path.Combine(destination, file.Path[(name.Length + 1)..]), cancellationToken);
    }
}
