using System.Text.Json.Nodes;
using Workbench.Data;

namespace Workbench.LanguageModels;

/// <summary>
/// Fields of a config.json. Each is read by name; what nobody read and what is not known to leave the logits alone is a
/// problem, so that no field that changes the result is passed over. <see cref="Finish"/> throws with all problems.
/// </summary>
internal sealed class ConfigFields
{
    // Of transformers' PretrainedConfig and GenerationConfig, and what training scripts leave behind.
    private static readonly HashSet<string> Harmless =
    [
        "architectures", "model_type", "transformers_version", "torch_dtype", "dtype", "use_cache", "bos_token_id", "eos_token_id", "pad_token_id",
        "sep_token_id", "decoder_start_token_id", "_name_or_path", "name_or_path", "task_specific_params", "finetuning_task", "problem_type",
        "id2label", "label2id", "num_labels", "tokenizer_class", "prefix", "torchscript", "output_attentions", "output_hidden_states", "output_past",
        "return_dict", "return_dict_in_generate", "output_scores", "use_return_dict", "_attn_implementation_autoset", "attn_implementation",
        "_attn_implementation", "use_bfloat16", "tf_legacy_loss", "summary_activation", "summary_first_dropout", "summary_proj_to_labels",
        "summary_type", "summary_use_proj", "gradient_checkpointing", "is_decoder", "pruned_heads", "chunk_size_feed_forward",
        "do_sample", "temperature", "top_k", "top_p", "typical_p", "num_beams", "num_beam_groups", "num_return_sequences", "max_length", "min_length",
        "repetition_penalty", "length_penalty", "no_repeat_ngram_size", "diversity_penalty", "early_stopping", "bad_words_ids", "begin_suppress_tokens",
        "suppress_tokens", "forced_bos_token_id", "forced_eos_token_id", "exponential_decay_length_penalty", "remove_invalid_values",
        "encoder_no_repeat_ngram_size", "cross_attention_hidden_size", "tie_encoder_decoder", "unsloth_version", "unsloth_fixed", "is_llama_config", "_num_labels", "max_sequence_length",
    ];

    private readonly JsonObject _json;
    private readonly string _origin;
    private readonly string _path;
    private readonly List<string> _problems;
    private readonly HashSet<string> _read = [];
    private readonly IReadOnlyCollection<string> _ignored;

    /// <param name="json">The object.</param>
    /// <param name="origin">Its file, for messages.</param>
    /// <param name="ignored">Names that the caller takes responsibility for.</param>
    public ConfigFields(JsonObject json, string origin, IReadOnlyCollection<string> ignored) : this(json, origin, "", ignored, [])
    {
    }

    private ConfigFields(JsonObject json, string origin, string path, IReadOnlyCollection<string> ignored, List<string> problems) =>
        (_json, _origin, _path, _ignored, _problems) = (json, origin, path, ignored, problems);

    /// <summary>Whether the field is there, null included.</summary>
    public bool Has(string name) => _json.ContainsKey(name);

    /// <summary>A positive number of something; without a fallback the field is required. Null counts as absent.</summary>
    public int Size(string name, int? fallback = null) =>
        Read(name, fallback, value => value.TryGetValue(out int size) && size > 0 ? size : null, "a whole number above 0");

    /// <summary>A finite number; without a fallback the field is required.</summary>
    public double Number(string name, double? fallback = null) =>
        Read(name, fallback, value => value.TryGetValue(out double number) && double.IsFinite(number) && number >= 0 ? number : null, "a number of at least 0");

    /// <summary>A share from 0 to below 1.</summary>
    public double Share(string name, double fallback) =>
        Read(name, fallback, value => value.TryGetValue(out double share) && share is >= 0 and < 1 ? share : (double?)null, "a number from 0 to below 1");

    /// <summary>True or false.</summary>
    public bool Flag(string name, bool fallback) =>
        Read(name, fallback, value => value.TryGetValue(out bool flag) ? flag : (bool?)null, "true or false");

    /// <summary>An even number, as rotary positions turn pairs.</summary>
    public int Even(string name, int fallback)
    {
        int size = Size(name, Math.Max(fallback, 1));
        if (size % 2 != 0)
            Refuse(name, $"{size}; allowed are even numbers");
        return size;
    }

    /// <summary>A number that divides another field.</summary>
    public int Divisor(string name, string wholeName, int whole, int? fallback = null)
    {
        int size = Size(name, fallback);
        if (whole % size != 0)
            Refuse(name, $"{size}; it must divide {wholeName}, which is {whole}");
        return size;
    }

    /// <summary>One of the known names.</summary>
    public string OneOf(string name, string fallback, IReadOnlyCollection<string> known)
    {
        _read.Add(name);
        if (_json[name] is not { } value)
            return fallback;
        if (value is JsonValue text && text.TryGetValue(out string? given) && known.Contains(given))
            return given;
        Refuse(name, $"{value.ToJsonString()}; supported are {string.Join(", ", known)}");
        return fallback;
    }

    /// <summary>A list of names, empty when absent.</summary>
    public IReadOnlyList<string> Texts(string name)
    {
        _read.Add(name);
        return _json[name] is JsonArray list ? list.Select(item => $"{item}").ToList() : [];
    }

    /// <summary>A nested object, null when absent.</summary>
    public ConfigFields? Object(string name)
    {
        _read.Add(name);
        return _json[name] is JsonObject nested ? new(nested, _origin, $"{_path}{name}.", _ignored, _problems) : null;
    }

    /// <summary>Any other value than this one would need code that is not there.</summary>
    public void Demand<T>(string name, T only) where T : struct
    {
        _read.Add(name);
        if (_json[name] is { } value && !(value is JsonValue scalar && scalar.TryGetValue(out T given) && given.Equals(only)))
            Refuse(name, $"{value.ToJsonString()}; supported is {only.ToString()!.ToLowerInvariant()}");
    }

    /// <summary>Fields that do not change the logits of this family.</summary>
    public void Ignore(params IReadOnlyList<string> names) => _read.UnionWith(names);

    /// <summary>Adds a problem.</summary>
    public void Refuse(string name, string valueAndRemedy) => _problems.Add($"{_path}{name} is {valueAndRemedy}");

    /// <summary>The fields that nobody read, all of them harmless.</summary>
    /// <exception cref="DataException">Lists every field that is missing, wrong or not supported.</exception>
    public JsonObject Finish()
    {
        var rest = _json.Where(field => !_read.Contains(field.Key)).ToList();
        foreach (var (name, value) in rest)
            if (!Harmless.Contains(name) && !_ignored.Contains(_path + name) && !IsOff(value))
                _problems.Add($"{_path}{name} is {Short(value)}, a field that is not supported");
        if (_path.Length == 0 && _problems.Count > 0)
            throw new DataException(
                $"'{_origin}' cannot be followed: {string.Join("; ", _problems)}. Correct the file, or name an unsupported field in IgnoredConfigFields if it does not change the result.")
            { Origin = _origin };
        return new(rest.Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone())));
    }

    private T Read<T>(string name, T? fallback, Func<JsonValue, T?> convert, string allowed) where T : struct
    {
        _read.Add(name);
        if (_json[name] is not { } value)
        {
            if (fallback is null)
                _problems.Add($"{_path}{name} is missing; it must be {allowed}");
            return fallback ?? convert(JsonValue.Create(1)) ?? default;   // 1 lets the reading go on to the other problems
        }
        if (value is JsonValue scalar && convert(scalar) is { } converted)
            return converted;
        Refuse(name, $"{Short(value)}; it must be {allowed}");
        return fallback ?? convert(JsonValue.Create(1)) ?? default;
    }

    private static bool IsOff(JsonNode? value) =>
        value is null || value is JsonValue scalar && scalar.TryGetValue(out bool flag) && !flag || value is JsonObject { Count: 0 } or JsonArray { Count: 0 };

    private static string Short(JsonNode? value) => value?.ToJsonString() is { } text ? text.Length > 80 ? text[..80] + "..." : text : "null";
}
