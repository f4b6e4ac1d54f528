using System.Text.Json.Nodes;
using Workbench.Data;
using Workbench.Training;
using static TorchSharp.torch;

namespace Workbench.LanguageModels;

/// <summary>The weights of a Hugging Face folder: model.safetensors, or shards behind model.safetensors.index.json.</summary>
internal sealed class CheckpointReader : IDisposable
{
    public const string SingleFile = "model.safetensors";
    public const string IndexFile = "model.safetensors.index.json";

    private readonly string _folder;
    private readonly List<SafeTensorsFile> _files = [];
    private readonly Dictionary<string, (SafeTensorsFile File, SafeTensorEntry Entry)> _tensors = [];

    private CheckpointReader(string folder) => _folder = folder;

    /// <exception cref="DataException">There are no weights, or a file is damaged.</exception>
    public static CheckpointReader Open(string folder)
    {
        var reader = new CheckpointReader(folder);
        try
        {
            string index = Path.Combine(folder, IndexFile);
            if (File.Exists(Path.Combine(folder, SingleFile)))
                reader.AddFile(Path.Combine(folder, SingleFile));
            else if (File.Exists(index))
                reader.AddShards(index);
            else
                throw new DataException(
                    $"'{folder}' has neither {SingleFile} nor {IndexFile}. Fetch the weights as safetensors; pickled ones (pytorch_model.bin) are not read, " +
                    "since they run code. Python's transformers converts them with save_pretrained.")
                { Origin = folder };
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>Fills every weight of a network.</summary>
    /// <exception cref="DataException">Lists every weight that is missing, left over or of another shape or type.</exception>
    public void CopyTo(CausalLanguageModel network)
    {
        using var scope = NewDisposeScope();
        var targets = network.named_parameters().ToDictionary(named => named.name, named => (Tensor)named.parameter);
        var sources = _tensors.Where(stored => !network.IsRedundant(stored.Key)).ToLookup(stored => network.NameHere(stored.Key), stored => stored.Value);
        var problems = targets.Keys.Where(name => !sources.Contains(name)).Select(name => $"{name} is missing")
            .Concat(sources.Where(source => !targets.ContainsKey(source.Key)).Select(source => $"{source.First().Entry.Name} is not part of the model"))
            .Concat(sources.Where(source => source.Count() > 1).Select(source => $"{source.Key} is there twice, with and without its prefix"))
            .Concat(sources.Where(source => targets.ContainsKey(source.Key)).SelectMany(source => Misfits(source.First().Entry, targets[source.Key])))
            .ToList();
        if (problems.Count > 0)
            throw new DataException(
                $"The weights in '{_folder}' do not fit its config.json, a {network.Config.ModelType}: {string.Join("; ", problems)}. Fetch both files from the same model.")
            { Origin = _folder };
        foreach (var source in sources)
            source.First().File.CopyTo(source.First().Entry.Name, targets[source.Key]);
    }

    public void Dispose()
    {
        foreach (var file in _files)
            file.Dispose();
    }

    private static IEnumerable<string> Misfits(SafeTensorEntry entry, Tensor target)
    {
        if (!entry.Shape.SequenceEqual(target.shape))
            yield return $"{entry.Name} is [{string.Join(", ", entry.Shape)}], needed is [{string.Join(", ", target.shape)}]";
        if (entry.Type is not ("F32" or "F16" or "BF16" or "F64"))
            yield return $"{entry.Name} is of type {entry.Type}, readable are F32, F16, BF16 and F64";
    }

    private void AddShards(string index)
    {
        if (ModelFamilies.ReadObject(index)["weight_map"] is not JsonObject map || map.Count == 0)
            throw new DataException($"'{index}' has no weight_map. Fetch it again.") { Origin = index };
        var places = map.ToDictionary(place => place.Key, place => $"{place.Value}");
        foreach (string name in places.Values.Distinct())
        {
            if (name != Path.GetFileName(name) || name.Length == 0)
                throw new DataException($"'{index}' names the file '{name}'; allowed are names of files beside it.") { Origin = index, Value = name };
            AddFile(Path.Combine(_folder, name));
        }
        var absent = places.Where(place => !_tensors.ContainsKey(place.Key)).Select(place => $"{place.Key} (in {place.Value})").ToList();
        if (absent.Count > 0)
            throw new DataException($"'{index}' names tensors that its files do not have: {string.Join(", ", absent)}. Fetch all files again.") { Origin = index };
    }

    private void AddFile(string path)
    {
        var file = SafeTensorsFile.Open(path);
        _files.Add(file);
        foreach (var entry in file.Entries)
            if (!_tensors.TryAdd(entry.Name, (file, entry)))
                throw new DataException($"'{path}' holds '{entry.Name}', which another file of the model holds too. Remove the file that does not belong here.") { Origin = path };
    }
}
