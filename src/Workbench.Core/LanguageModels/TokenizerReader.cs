using System.Text.Json.Nodes;
using Workbench.Data;

namespace Workbench.LanguageModels;

/// <summary>Builds a tokenizer's steps from tokenizer.json.</summary>
internal static class TokenizerReader
{
    /// <exception cref="DataException">A part is damaged or not supported.</exception>
    public static TokenizerParts Read(JsonObject json, string origin)
    {
        try
        {
            if ((string?)json["model"]?["type"] is { } type && type != "BPE")
                throw new FormatException($"the model {type} is not supported; supported is BPE");
            var model = BytePairModel.Read(json["model"] as JsonObject ?? throw new FormatException("model is missing"), origin);
            var normalize = Normalizers.Read(json["normalizer"]);
            var (prefix, suffix) = Template(json["post_processor"]);
            return new()
            {
                Added = new(((json["added_tokens"] as JsonArray) ?? []).Select(Added).ToList(), normalize),
                Normalize = normalize,
                PreTokenize = PreTokenizers.Read(json["pre_tokenizer"]),
                Model = model,
                Prefix = prefix,
                Suffix = suffix,
                Decode = TokenDecoders.Read(json["decoder"]),
            };
        }
        catch (Exception failure) when (failure is FormatException or InvalidOperationException or ArgumentException)
        {
            throw new DataException($"'{origin}' cannot be followed: {failure.Message}. Fetch it again, or choose a model with another tokenizer.", failure) { Origin = origin };
        }
    }

    /// <summary>The parts of a Sequence, one after the other.</summary>
    public static Func<T, T> Chain<T>(JsonNode? parts, Func<JsonNode?, Func<T, T>> read)
    {
        var steps = (parts as JsonArray ?? throw new FormatException("a Sequence has no list of parts")).Select(read).ToList();
        return value => steps.Aggregate(value, (result, step) => step(result));
    }

    private static AddedToken Added(JsonNode? json) => json is null ? throw new FormatException("an added token is null") : new()
    {
        Id = (int?)json["id"] ?? throw new FormatException("an added token has no id"),
        Content = (string?)json["content"] ?? throw new FormatException("an added token has no content"),
        IsSingleWord = (bool?)json["single_word"] ?? false,
        StripsLeft = (bool?)json["lstrip"] ?? false,
        StripsRight = (bool?)json["rstrip"] ?? false,
        IsNormalized = (bool?)json["normalized"] ?? true,
        IsSpecial = (bool?)json["special"] ?? false,
    };

    /// <summary>What the post-processor puts around a single text.</summary>
    private static (List<int> Prefix, List<int> Suffix) Template(JsonNode? json)
    {
        if (json is null)
            return ([], []);
        switch ((string?)json["type"])
        {
            case "ByteLevel":   // moves offsets only
                return ([], []);
            case "Sequence":
                var parts = ((json["processors"] as JsonArray) ?? []).Select(Template).ToList();
                return (parts.AsEnumerable().Reverse().SelectMany(part => part.Prefix).ToList(), parts.SelectMany(part => part.Suffix).ToList());
            case "BertProcessing" or "RobertaProcessing":
                return ([(int)json["cls"]![1]!], [(int)json["sep"]![1]!]);
            case "TemplateProcessing":
                var items = (json["single"] as JsonArray ?? throw new FormatException("TemplateProcessing has no single")).ToList();
                int text = items.FindIndex(item => item?["Sequence"] is not null);
                if (text < 0 || items.FindLastIndex(item => item?["Sequence"] is not null) != text)
                    throw new FormatException("TemplateProcessing does not hold the text once");
                return (Ids(items[..text], json), Ids(items[(text + 1)..], json));
            case var other:
                throw new FormatException($"the post_processor {other} is not supported; supported are ByteLevel, TemplateProcessing, BertProcessing, RobertaProcessing, Sequence");
        }
    }

    private static List<int> Ids(IEnumerable<JsonNode?> items, JsonNode template) => items.SelectMany(item =>
    {
        string name = (string?)item?["SpecialToken"]?["id"] ?? throw new FormatException($"TemplateProcessing holds {item?.ToJsonString()}");
        return (template["special_tokens"]?[name]?["ids"] as JsonArray ?? throw new FormatException($"TemplateProcessing has no ids for {name}")).Select(id => (int)id!);
    }).ToList();
}
