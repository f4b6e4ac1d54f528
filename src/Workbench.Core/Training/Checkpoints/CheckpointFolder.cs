using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using TorchSharp;
using Workbench.Data;

namespace Workbench.Training.Checkpoints;

/// <summary>
/// A folder of checkpoints: <c>step-000000120/</c> with <c>state.safetensors</c> and <c>state.json</c>, which holds the hash
/// of the tensors and of itself. A checkpoint is written under a temporary name, flushed and renamed: there is a whole one
/// or none.
/// </summary>
internal sealed class CheckpointFolder(string folder)
{
    public const string TensorsFile = "state.safetensors";
    public const string CardFile = "state.json";
    private const string Prefix = "step-";
    private const string Temporary = ".writing-";
    private const string Format = "workbench.checkpoint/1";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { RespectNullableAnnotations = true };
    private static readonly JsonSerializerOptions Indented = new(Json) { WriteIndented = true, NewLine = "\n" };

    private readonly string _folder = Path.GetFullPath(folder);

    /// <summary>Paths of all checkpoints, newest first, damaged ones included.</summary>
    public IReadOnlyList<string> Paths() => !Directory.Exists(_folder) ? [] :
        Directory.GetDirectories(_folder, Prefix + "*").OrderByDescending(path => path, StringComparer.Ordinal).ToList();

    /// <summary>Writes a checkpoint, then removes what need not be kept: all but the newest <paramref name="keepLast"/> and the best.</summary>
    public string Write(CheckpointCard card, IReadOnlyList<(string Name, torch.Tensor Value)> tensors, int keepLast)
    {
        string target = Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{card.Step:D9}"));
        string temporary = Path.Combine(_folder, $"{Temporary}{Guid.NewGuid():N}");
        Directory.CreateDirectory(temporary);
        try
        {
            string tensorsPath = Path.Combine(temporary, TensorsFile);
            SafeTensorsFile.Write(tensorsPath, tensors);
            var content = new JsonObject { ["tensors"] = Hash(tensorsPath), ["state"] = JsonSerializer.SerializeToNode(card, Json) };
            AtomicFile.WriteAllText(Path.Combine(temporary, CardFile), new JsonObject { ["format"] = Format, ["hash"] = Hash(content), ["content"] = content }.ToJsonString(Indented) + "\n");
            if (Directory.Exists(target))
                Directory.Delete(target, recursive: true);   // of a run that went this way before; its successors are whole
            Directory.Move(temporary, target);
        }
        finally
        {
            if (Directory.Exists(temporary))
                Directory.Delete(temporary, recursive: true);
        }
        Prune(target, card, keepLast);
        return target;
    }

    /// <summary>Reads a checkpoint and checks every byte; the caller disposes the file of its tensors.</summary>
    /// <exception cref="DataException">A file is missing, cut or changed; the message says which.</exception>
    public static (CheckpointCard Card, SafeTensorsFile Tensors) Read(string path)
    {
        var content = Content(path);
        string tensorsPath = Path.Combine(path, TensorsFile);
        if (!File.Exists(tensorsPath))
            throw new DataException($"'{tensorsPath}' is missing.") { Origin = tensorsPath };
        if (content["tensors"]?.GetValue<string>() is var expected && Hash(tensorsPath) is var actual && actual != expected)
            throw new DataException($"'{tensorsPath}' has the hash {actual}, and was written with {expected}.") { Origin = tensorsPath };
        return (Card(path, content), SafeTensorsFile.Open(tensorsPath));
    }

    private void Prune(string written, CheckpointCard card, int keepLast)
    {
        string best = Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{card.BestStep:D9}"));
        // What a killed run left half written, and later steps of a run that began anew before them.
        foreach (string left in Directory.GetDirectories(_folder, Temporary + "*").Concat(Paths().Where(path => string.CompareOrdinal(path, written) > 0)))
            Directory.Delete(left, recursive: true);
        foreach (string old in Paths().Skip(keepLast).Where(path => path != best))
            Directory.Delete(old, recursive: true);
    }

    private static JsonNode Content(string path)
    {
        string cardPath = Path.Combine(path, CardFile);
        try
        {
            var file = JsonNode.Parse(File.ReadAllBytes(cardPath)) ?? throw new JsonException("it is null");
            string format = file["format"]?.GetValue<string>() ?? "";
            if (format != Format)
                throw new JsonException($"its format is '{format}', and '{Format}' is known");
            return file["content"] is { } content && Hash(content) == file["hash"]?.GetValue<string>() ? content : throw new JsonException("its content does not match its hash");
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or IOException)
        {
            throw new DataException($"'{cardPath}' is no whole checkpoint: {failure.Message}.", failure) { Origin = cardPath };
        }
    }

    private static CheckpointCard Card(string path, JsonNode content)
    {
        try
        {
            return content["state"].Deserialize<CheckpointCard>(Json) ?? throw new JsonException("its state is null");
        }
        catch (JsonException failure)
        {
            throw new DataException($"'{Path.Combine(path, CardFile)}' cannot be read: {failure.Message}.", failure) { Origin = path };
        }
    }

    private static string Hash(JsonNode content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(content.ToJsonString(Json))))}";

    private static string Hash(string path)
    {
        using var stream = File.OpenRead(path);
        return $"sha256:{Convert.ToHexStringLower(SHA256.HashData(stream))}";
    }
}
