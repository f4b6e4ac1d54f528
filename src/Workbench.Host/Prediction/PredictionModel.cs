using System.Globalization;
using System.Security.Cryptography;
using Workbench.Registry;

namespace Workbench.Host.Prediction;

/// <summary>The model that predicts, as bytes.</summary>
/// <param name="Title">How people call it.</param>
/// <param name="Version">Its version in the registry; null for a file.</param>
/// <param name="Bytes">The ONNX file.</param>
internal sealed record PredictionModel(string Title, int? Version, byte[] Bytes)
{
    private const string Champion = "champion";

    public string Hash => HashOf(Bytes);

    public static string HashOf(byte[] bytes) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Finds <c>name@alias</c>, <c>name/version</c>, <c>name</c> (its champion), an ONNX file, or a folder with one.</summary>
    /// <exception cref="CommandException">There is no such model.</exception>
    /// <exception cref="RegistryException">The registry has no such model or version, or its file is damaged.</exception>
    public static async Task<PredictionModel> FindAsync(string text, Func<ModelRegistry> open, CancellationToken cancellationToken)
    {
        if (File.Exists(text))
            return new(Path.GetFileName(text), null, await File.ReadAllBytesAsync(text, cancellationToken));
        if (Directory.Exists(text))
            return File.Exists(Path.Combine(text, ModelFiles.Onnx)) ? await FindAsync(Path.Combine(text, ModelFiles.Onnx), open, cancellationToken)
                : throw new CommandException($"The folder '{text}' has no {ModelFiles.Onnx}. Name the ONNX file itself, or a registered model.");
        if (text.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase))
            throw new CommandException($"The model file '{text}' does not exist. Correct the path.");
        var registry = open();
        var version = await VersionAsync(registry, text, cancellationToken);
        return new(version.ToString(), version.Version, await registry.Artifacts.ReadVerifiedAsync(version.File(ModelFiles.Onnx).ArtifactId, cancellationToken));
    }

    private static async Task<ModelVersion> VersionAsync(ModelRegistry registry, string text, CancellationToken cancellationToken)
    {
        if (text.Split('/') is [var versioned, var digits])
            return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                ? await registry.GetVersionAsync(versioned, number, cancellationToken)
                : throw new CommandException($"'{text}' is no model: '{digits}' is no version number, and there is no such file. Write NAME/VERSION, NAME@ALIAS, or the path of an ONNX file.");
        string[] words = text.Split('@');
        if (words.Length > 2 || words.Any(word => word.Length == 0))
            throw new CommandException($"'{text}' is no model. Write NAME/VERSION, NAME@ALIAS, or the path of an ONNX file.");
        var alias = words.Length == 2 ? words[1] : Champion;
        return await registry.GetAliasAsync(words[0], alias, cancellationToken)
            ?? throw new CommandException($"No version of '{words[0]}' is {alias}. Name a version, such as {words[0]}/1; 'workbench model show {words[0]}' lists them.");
    }
}
