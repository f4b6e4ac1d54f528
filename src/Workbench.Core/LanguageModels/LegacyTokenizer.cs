using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Data;

namespace Workbench.LanguageModels;

/// <summary>GPT-2's vocab.json and merges.txt, as the tokenizer.json that says the same.</summary>
internal static class LegacyTokenizer
{
    private const string EndOfText = "<|endoftext|>";

    /// <exception cref="DataException">The files are missing, damaged, or of another tokenizer than GPT-2's.</exception>
    public static JsonObject Read(string folder, IReadOnlyDictionary<string, byte[]> files)
    {
        if (!files.TryGetValue("vocab.json", out var vocabularyBytes) || !files.TryGetValue("merges.txt", out var mergesBytes))
            throw new DataException(
                $"'{folder}' has neither tokenizer.json nor vocab.json with merges.txt. Fetch tokenizer.json; a SentencePiece file (tokenizer.model) alone is not read, " +
                "Python's transformers converts it with AutoTokenizer.from_pretrained(..).save_pretrained(..).")
            { Origin = folder };
        if (files.TryGetValue("tokenizer_config.json", out var settings) && TokenizerClass(settings) is { } other && !other.StartsWith("GPT2Tokenizer", StringComparison.Ordinal))
            throw new DataException($"'{folder}' has no tokenizer.json and its tokenizer is a {other}; vocab.json with merges.txt is read for GPT2Tokenizer only. Fetch tokenizer.json.")
            { Origin = folder, Value = other };
        var vocabulary = Parse(vocabularyBytes, Path.Combine(folder, "vocab.json")) as JsonObject
            ?? throw new DataException($"'{Path.Combine(folder, "vocab.json")}' is no object of tokens and ids. Fetch it again.") { Origin = folder };
        var added = new JsonArray();
        if (vocabulary[EndOfText] is { } id)
            added.Add(new JsonObject { ["id"] = id.DeepClone(), ["content"] = EndOfText, ["normalized"] = true, ["special"] = true });
        return new()
        {
            ["version"] = "1.0",
            ["added_tokens"] = added,
            ["normalizer"] = null,
            ["pre_tokenizer"] = ByteLevel(),
            ["post_processor"] = ByteLevel(),
            ["decoder"] = ByteLevel(),
            ["model"] = new JsonObject
            {
                ["type"] = "BPE", ["vocab"] = vocabulary,
                ["merges"] = new JsonArray(Encoding.UTF8.GetString(mergesBytes).Split('\n').Select(line => line.TrimEnd('\r'))
                    .Where(line => line.Length > 0 && !line.StartsWith("#version", StringComparison.Ordinal)).Select(line => (JsonNode)line).ToArray()),
            },
        };
    }

    private static JsonObject ByteLevel() => new() { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["trim_offsets"] = true, ["use_regex"] = true };

    private static string? TokenizerClass(byte[] settings) => (Parse(settings, "tokenizer_config.json") as JsonObject)?["tokenizer_class"]?.ToString();

    private static JsonNode? Parse(byte[] bytes, string origin)
    {
        try
        {
            return JsonNode.Parse(bytes);
        }
        catch (JsonException failure)
        {
            throw new DataException($"'{origin}' is not readable: {failure.Message} Fetch it again.", failure) { Origin = origin };
        }
    }
}
