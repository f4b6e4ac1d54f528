using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Data;

namespace Workbench.LanguageModels;

/// <summary>How text is continued. The steps apply in the order of Hugging Face's: repetition penalty, temperature, top k, top p.</summary>
public sealed record GenerationOptions
{
    internal const string ConfigFile = "generation_config.json";

    // Fields of generation_config.json that would change the text, and the value at which they do not.
    private static readonly Dictionary<string, double> Neutral = new()
    {
        ["num_beams"] = 1, ["num_beam_groups"] = 1, ["no_repeat_ngram_size"] = 0, ["encoder_no_repeat_ngram_size"] = 0, ["encoder_repetition_penalty"] = 1,
        ["min_length"] = 0, ["min_new_tokens"] = 0, ["min_p"] = 0, ["typical_p"] = 1, ["epsilon_cutoff"] = 0, ["eta_cutoff"] = 0, ["penalty_alpha"] = 0,
        ["guidance_scale"] = 1, ["diversity_penalty"] = 0,
    };
    private static readonly string[] Unsupported =
        ["bad_words_ids", "force_words_ids", "suppress_tokens", "begin_suppress_tokens", "forced_bos_token_id", "forced_eos_token_id", "sequence_bias", "exponential_decay_length_penalty"];

    /// <summary>Most tokens to add, at least 1. Generation also ends where the model's context does.</summary>
    public int MaxNewTokens { get; init; } = 256;
    /// <summary>0 takes the likeliest token; above, tokens are drawn, the more evenly the higher.</summary>
    public double Temperature { get; init; }
    /// <summary>Tokens are drawn from this many likeliest ones, at least 1; null is all.</summary>
    public int? TopK { get; init; }
    /// <summary>Tokens are drawn from the likeliest ones that together have this probability, above 0 to 1.</summary>
    public double TopP { get; init; } = 1;
    /// <summary>Logits of tokens that already occur are divided by this when positive, multiplied when negative (Keskar et al. 2019); 1 changes nothing.</summary>
    public double RepetitionPenalty { get; init; } = 1;
    /// <summary>Tokens that end the text and are no part of it.</summary>
    public IReadOnlyList<int> StopTokens { get; init; } = [];
    /// <summary>Texts that end the text and are no part of it.</summary>
    public IReadOnlyList<string> StopSequences { get; init; } = [];
    /// <summary>The same seed gives the same text on the same machine.</summary>
    public int Seed { get; init; }

    /// <summary>Throws with every value that is out of range.</summary>
    internal void Check()
    {
        var wrong = new List<string>();
        if (MaxNewTokens < 1)
            wrong.Add($"MaxNewTokens is {MaxNewTokens}; allowed is 1 and more");
        if (!(Temperature >= 0 && double.IsFinite(Temperature)))
            wrong.Add($"Temperature is {Temperature}; allowed is 0 and more");
        if (TopK < 1)
            wrong.Add($"TopK is {TopK}; allowed is 1 and more, or null for all");
        if (!(TopP is > 0 and <= 1))
            wrong.Add($"TopP is {TopP}; allowed is above 0 to 1");
        if (!(RepetitionPenalty > 0 && double.IsFinite(RepetitionPenalty)))
            wrong.Add($"RepetitionPenalty is {RepetitionPenalty}; allowed is above 0");
        if (StopSequences.Any(string.IsNullOrEmpty))
            wrong.Add("StopSequences has an empty text");
        if (wrong.Count > 0)
            throw new ArgumentException(string.Join("; ", wrong) + ".");
    }

    /// <summary>The options of a generation_config.json.</summary>
    /// <exception cref="DataException">Names every field that would change the text and is not supported.</exception>
    internal static GenerationOptions Read(JsonObject json, string origin)
    {
        var refused = Neutral.Where(field => json[field.Key] is JsonValue value && value.TryGetValue(out double given) && given != field.Value).Select(field => field.Key)
            .Concat(Unsupported.Where(name => json[name] is not null)).ToList();
        if (refused.Count > 0)
            throw new DataException($"'{origin}' asks for {string.Join(", ", refused.Select(name => $"{name} = {json[name]!.ToJsonString()}"))}, which is not supported. Remove these fields.")
            { Origin = origin };
        try
        {
            double temperature = (double?)json["temperature"] ?? 1;
            var options = new GenerationOptions
            {
                MaxNewTokens = (int?)json["max_new_tokens"] ?? 256,
                Temperature = (bool?)json["do_sample"] ?? false ? temperature : 0,
                TopK = (int?)json["top_k"] is > 0 and var topK ? topK : null,
                TopP = (double?)json["top_p"] ?? 1,
                RepetitionPenalty = (double?)json["repetition_penalty"] ?? 1,
                StopTokens = Ids(json["eos_token_id"]),
                StopSequences = json["stop_strings"] is JsonArray texts ? texts.Select(text => (string)text!).ToList() : (string?)json["stop_strings"] is { } one ? [one] : [],
            };
            options.Check();
            return options;
        }
        catch (Exception failure) when (failure is InvalidOperationException or FormatException or ArgumentException)
        {
            throw new DataException($"'{origin}' cannot be followed: {failure.Message} Correct the file or remove it.", failure) { Origin = origin };
        }
    }

    /// <summary>Writes the options over those of a generation_config.json.</summary>
    internal void WriteTo(JsonObject json)
    {
        json["do_sample"] = Temperature > 0;
        json["max_new_tokens"] = MaxNewTokens;
        Put(json, "temperature", Temperature > 0 ? Temperature : null);
        Put(json, "top_k", Temperature > 0 ? TopK ?? 0 : null);   // absent, it would mean 50
        Put(json, "top_p", Temperature > 0 ? TopP : null);
        Put(json, "repetition_penalty", RepetitionPenalty == 1 ? null : RepetitionPenalty);
        Put(json, "eos_token_id", StopTokens.Count switch { 0 => null, 1 => StopTokens[0], _ => JsonSerializer.SerializeToNode(StopTokens) });
        Put(json, "stop_strings", StopSequences.Count == 0 ? null : JsonSerializer.SerializeToNode(StopSequences));
    }

    /// <summary>One id or a list.</summary>
    internal static IReadOnlyList<int> Ids(JsonNode? json) => json switch
    {
        null => [],
        JsonArray list => list.Select(id => (int)id!).ToList(),
        _ => [(int)json],
    };

    private static void Put(JsonObject json, string name, JsonNode? value)
    {
        if (value is null)
            json.Remove(name);
        else
            json[name] = value;
    }
}
