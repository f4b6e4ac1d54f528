using System.Text.Json.Nodes;
using Workbench.Data;
using Workbench.Training;
using static TorchSharp.torch;

namespace Workbench.LanguageModels.FineTuning;

/// <summary>Adapters in the layout of Hugging Face's PEFT (https://huggingface.co/docs/peft/developer_guides/checkpoint).</summary>
internal static class PeftFiles
{
    public const string ConfigFile = "adapter_config.json";
    public const string WeightsFile = "adapter_model.safetensors";
    private const string Prefix = "base_model.model.";
    private const string SuffixA = ".lora_A.weight", SuffixB = ".lora_B.weight";

    private static readonly Dictionary<string, string> Metadata = new() { ["format"] = "pt" };

    // What would change the result if it were passed over; null, false, "none" and empty ones say nothing.
    private static readonly (string Field, string Meaning)[] Unsupported =
    [
        ("use_dora", "DoRA's magnitudes"), ("use_qalora", "QALoRA"), ("modules_to_save", "modules trained as a whole"), ("bias", "trained biases"), ("rank_pattern", "ranks by layer"),
        ("alpha_pattern", "scales by layer"), ("target_parameters", "adapters on bare parameters"), ("trainable_token_indices", "trained tokens"), ("lora_bias", "biases in the adapter"),
        ("alora_invocation_tokens", "activated LoRA"), ("arrow_config", "Arrow"), ("megatron_config", "Megatron's layers"), ("layer_replication", "repeated layers"),
    ];

    public static void Write(LoraAdapter adapter, string folder, string? baseModel)
    {
        using var scope = NewDisposeScope();
        var weights = adapter.Layers.SelectMany(layer => new[]
        {
            (Prefix + layer.Name + SuffixA, (Tensor)layer.Layer.A), (Prefix + layer.Name + SuffixB, (Tensor)layer.Layer.B),
        }).ToList();
        SafeTensorsFile.Write(Path.Combine(folder, WeightsFile), weights, Metadata);
        CheckpointWriter.WriteJson(Path.Combine(folder, ConfigFile), Config(adapter, baseModel));
    }

    /// <exception cref="DataException">The file is missing, damaged, or asks for something that is not supported.</exception>
    public static LoraOptions ReadConfig(string folder)
    {
        string path = Path.Combine(folder, ConfigFile);
        var json = ModelFamilies.ReadObject(path);
        var refused = Unsupported.Where(entry => Says(json[entry.Field])).Select(entry => $"{entry.Field} ({entry.Meaning})").ToList();
        if (Text(json["peft_type"]) is var type && type != "LORA")
            refused.Insert(0, $"peft_type '{type}', where LORA is supported");
        if (refused.Count > 0)
            throw new DataException($"'{path}' asks for what is not supported: {string.Join("; ", refused)}. Merge the adapter in Python (merge_and_unload) and load the model.") { Origin = path };
        try
        {
            return new LoraOptions
            {
                Rank = (int?)json["r"] ?? throw new FormatException("r is missing"),
                Alpha = (double?)json["lora_alpha"] ?? throw new FormatException("lora_alpha is missing"),
                Dropout = (double?)json["lora_dropout"] ?? 0,
                IsRankStabilized = (bool?)json["use_rslora"] ?? false,
                Targets = json["target_modules"] switch
                {
                    JsonArray list => list.Select(target => $"{target}").ToList(),
                    JsonValue value => [$"{value}"],
                    _ => throw new FormatException("target_modules is missing"),
                },
            }.EnsureValid();
        }
        catch (Exception failure) when (failure is FormatException or InvalidOperationException or ArgumentException)
        {
            throw new DataException($"'{path}' is no LoRA configuration: {failure.Message} Write the adapter again with PEFT or Workbench.", failure) { Origin = path };
        }
    }

    /// <exception cref="DataException">The file is missing or damaged.</exception>
    public static SafeTensorsFile OpenWeights(string folder) => SafeTensorsFile.Open(Path.Combine(folder, WeightsFile));

    /// <summary>The projections that the file has weights for: what target_modules may also state as an expression.</summary>
    /// <exception cref="DataException">A name is none of the model's projections, or one of A and B is missing; all are listed.</exception>
    public static IReadOnlyList<(string Name, Projection Projection)> Projections(SafeTensorsFile file, CausalLanguageModel model, string folder)
    {
        var known = model.Projections;
        var names = file.Entries.Select(entry => entry.Name).ToHashSet(StringComparer.Ordinal);
        var projections = names.Select(ProjectionOf).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var problems = names.Where(name => ProjectionOf(name) is null).Select(name => $"{name} is no LoRA weight")
            .Concat(projections.Where(name => !known.ContainsKey(name)).Select(name => $"the model has no projection {name}"))
            .Concat(projections.SelectMany(name => new[] { SuffixA, SuffixB }.Select(suffix => Prefix + name + suffix)).Where(name => !names.Contains(name)).Select(name => $"{name} is missing"))
            .ToList();
        return problems.Count == 0 && projections.Count > 0 ? known.Where(named => projections.Contains(named.Key)).Select(named => (named.Key, named.Value)).ToList()
            : throw Misfit(folder, model, problems.Count == 0 ? ["it has no weights"] : problems);
    }

    /// <exception cref="DataException">A shape differs; all are listed.</exception>
    public static void CopyTo(SafeTensorsFile file, LoraAdapter adapter, string folder)
    {
        var targets = adapter.Layers.SelectMany(layer => new[] { (Name: Prefix + layer.Name + SuffixA, Value: (Tensor)layer.Layer.A), (Prefix + layer.Name + SuffixB, layer.Layer.B) }).ToList();
        var entries = file.Entries.ToDictionary(entry => entry.Name);
        var problems = targets.Where(target => !entries[target.Name].Shape.SequenceEqual(target.Value.shape))
            .Select(target => $"{target.Name} is [{string.Join(", ", entries[target.Name].Shape)}], needed is [{string.Join(", ", target.Value.shape)}]").ToList();
        if (problems.Count > 0)
            throw Misfit(folder, adapter.Model, problems);
        foreach (var (name, value) in targets)
            file.CopyTo(name, value);
    }

    private static JsonObject Config(LoraAdapter adapter, string? baseModel) => new()
    {
        ["alpha_pattern"] = new JsonObject(),
        ["auto_mapping"] = null,
        ["base_model_name_or_path"] = baseModel,
        ["bias"] = "none",
        ["fan_in_fan_out"] = adapter.Layers[0].Projection.IsInputFirst,
        ["inference_mode"] = true,
        ["init_lora_weights"] = true,
        ["layers_pattern"] = null,
        ["layers_to_transform"] = null,
        ["lora_alpha"] = adapter.Options.Alpha,
        ["lora_dropout"] = adapter.Options.Dropout,
        ["modules_to_save"] = null,
        ["peft_type"] = "LORA",
        ["r"] = adapter.Options.Rank,
        ["rank_pattern"] = new JsonObject(),
        ["revision"] = null,
        ["target_modules"] = new JsonArray(Targets(adapter).Select(target => (JsonNode?)target).ToArray()),
        ["task_type"] = "CAUSAL_LM",
        ["use_dora"] = false,
        ["use_rslora"] = adapter.Options.IsRankStabilized,
    };

    // Names as the user gave them; PEFT's own all-linear would take the head of a model where it is no Linear out.
    private static IReadOnlyList<string> Targets(LoraAdapter adapter) =>
        adapter.Options.Targets.Contains(LoraOptions.AllLinear) ? LoraTargets.Ends(adapter.Projections) : adapter.Options.Targets;

    private static string? ProjectionOf(string name) =>
        !name.StartsWith(Prefix, StringComparison.Ordinal) ? null
        : name.EndsWith(SuffixA, StringComparison.Ordinal) ? name[Prefix.Length..^SuffixA.Length]
        : name.EndsWith(SuffixB, StringComparison.Ordinal) ? name[Prefix.Length..^SuffixB.Length] : null;

    private static bool Says(JsonNode? value) => value switch
    {
        JsonObject entries => entries.Count > 0,
        JsonArray entries => entries.Count > 0,
        JsonValue single when single.TryGetValue(out bool flag) => flag,
        JsonValue single when single.TryGetValue(out string? text) => text is not ("none" or ""),
        null => false,
        _ => true,
    };

    private static string? Text(JsonNode? value) => value is JsonValue single && single.TryGetValue(out string? text) ? text : null;

    private static DataException Misfit(string folder, CausalLanguageModel model, IReadOnlyList<string> problems) =>
        new($"The adapter in '{folder}' does not fit the model, a {model.Config.ModelType}: {string.Join("; ", problems)}. Load it onto the model that it was trained for.") { Origin = folder };
}
