using System.Security.Cryptography;
using Workbench.Data;

namespace Workbench.Training;

/// <summary>The file <c>weights.safetensors</c> of a model, known by its hash.</summary>
internal static class WeightsFile
{
    private const string FileName = "weights.safetensors";

    /// <summary>Writes the bytes into a folder.</summary>
    public static void Write(string folder, byte[] weights) => File.WriteAllBytes(Path.Combine(folder, FileName), weights);

    /// <summary>The file's bytes, its tensors and its path.</summary>
    /// <exception cref="DataException">The file is missing, or has another hash.</exception>
    public static (byte[] Bytes, IReadOnlyList<SafeTensor> Tensors, string Path) Read(string folder, string expectedHash)
    {
        string path = System.IO.Path.Combine(folder, FileName);
        if (!File.Exists(path))
            throw new DataException($"'{path}' is missing. Save the model again, or fetch it from the registry.") { Origin = path };
        byte[] weights = File.ReadAllBytes(path);
        if (Hash(weights) is var hash && hash != expectedHash)
            throw new DataException($"'{path}' has the hash {hash}, and its model was saved with {expectedHash}. The file was changed or cut; fetch it again.")
            { Origin = path };
        return (weights, SafeTensors.Read(weights, path), path);
    }

    /// <summary><c>sha256:</c> and the hex hash.</summary>
    public static string Hash(byte[] bytes) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}";
}
