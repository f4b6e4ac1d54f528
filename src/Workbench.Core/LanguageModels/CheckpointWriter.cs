using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Workbench.Data;
using Workbench.Training;
using static TorchSharp.torch;

namespace Workbench.LanguageModels;

/// <summary>Writes config.json and weights so that Python's transformers loads the folder.</summary>
internal static partial class CheckpointWriter
{
    public const string ConfigFile = "config.json";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    // Without it, transformers refuses the file.
    private static readonly Dictionary<string, string> Metadata = new() { ["format"] = "pt" };

    /// <summary>Writes a network into a folder; weights that another layout left there are removed.</summary>
    public static void Write(CausalLanguageModel network, string folder, long maxShardBytes)
    {
        if (network.Projections.FirstOrDefault(named => named.Value.Adapter is not null).Key is { } adapted)
            throw new InvalidOperationException($"'{adapted}' has an adapter, which a model folder cannot hold. Merge it into the weights or take it off first.");
        using var scope = NewDisposeScope();
        var weights = network.named_parameters().Select(named => (named.name, (Tensor)named.parameter)).ToList();
        var shards = Shards(weights, maxShardBytes);
        var files = shards.Select((shard, i) => (Name: NameOf(i, shards.Count), Weights: shard)).ToList();
        foreach (var file in files)
            SafeTensorsFile.Write(Path.Combine(folder, file.Name), file.Weights, Metadata);
        if (files.Count > 1)
            WriteJson(Path.Combine(folder, CheckpointReader.IndexFile), new JsonObject
            {
                ["metadata"] = new JsonObject { ["total_size"] = weights.Sum(weight => Bytes(weight.Item2)) },
                ["weight_map"] = new JsonObject(files.SelectMany(file => file.Weights.Select(weight => KeyValuePair.Create(weight.Name, (JsonNode?)file.Name)))),
            });
        WriteJson(Path.Combine(folder, ConfigFile), network.Config.ToJson(weights[0].Item2.dtype));
        RemoveStale(folder, files.Select(file => file.Name).ToHashSet());
    }

    public static void WriteJson(string path, JsonObject json) => AtomicFile.WriteAllText(path, json.ToJsonString(Indented) + "\n");

    private static List<List<(string Name, Tensor Tensor)>> Shards(List<(string Name, Tensor Tensor)> weights, long maxBytes)
    {
        var shards = new List<List<(string Name, Tensor Tensor)>> { new() };
        long bytes = 0;
        foreach (var weight in weights)
        {
            if (bytes > 0 && bytes + Bytes(weight.Tensor) > maxBytes)
            {
                shards.Add([]);
                bytes = 0;
            }
            shards[^1].Add(weight);
            bytes += Bytes(weight.Tensor);
        }
        return shards;
    }

    private static long Bytes(Tensor tensor) => tensor.numel() * tensor.element_size();

    private static string NameOf(int shard, int count) => count == 1
        ? CheckpointReader.SingleFile
        : string.Create(CultureInfo.InvariantCulture, $"model-{shard + 1:00000}-of-{count:00000}.safetensors");

    private static void RemoveStale(string folder, HashSet<string> written)
    {
        if (written.Count == 1)
            File.Delete(Path.Combine(folder, CheckpointReader.IndexFile));
        foreach (string path in Directory.EnumerateFiles(folder).Where(path => WeightFile().IsMatch(Path.GetFileName(path)) && !written.Contains(Path.GetFileName(path))))
            File.Delete(path);
    }

    [GeneratedRegex(@"^model(-\d{5}-of-\d{5})?\.safetensors$")]
    private static partial Regex WeightFile();
}
