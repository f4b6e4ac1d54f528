using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Data;

namespace Workbench.LanguageModels;

/// <summary>The architectures that there is code for, by <c>model_type</c>.</summary>
internal static class ModelFamilies
{
    private static readonly SortedDictionary<string, Func<ConfigFields, LanguageModelConfig>> Readers = new(StringComparer.Ordinal)
    {
        [Gpt2Config.Family] = Gpt2Config.Read,
        [LlamaConfig.Llama] = fields => LlamaConfig.Read(fields, LlamaConfig.Llama),
        [LlamaConfig.Qwen2] = fields => LlamaConfig.Read(fields, LlamaConfig.Qwen2),
        [LlamaConfig.Mistral] = fields => LlamaConfig.Read(fields, LlamaConfig.Mistral),
    };

    /// <summary>The shape behind a config.json.</summary>
    /// <exception cref="DataException">The file is damaged, of an unknown architecture, or asks for something that is not supported.</exception>
    public static LanguageModelConfig ReadConfig(string path, IReadOnlyCollection<string> ignoredFields)
    {
        var json = ReadObject(path);
        string known = string.Join(", ", Readers.Keys);
        if (json["model_type"] is not JsonValue value || !value.TryGetValue(out string? family))
            throw new DataException($"'{path}' has no model_type. Write one of {known}.") { Origin = path };
        if (!Readers.TryGetValue(family, out var read))
            throw new DataException($"'{path}' is of the architecture '{family}'; known are {known}.{Suggestion.DidYouMean(family, Readers.Keys)}") { Origin = path, Value = family };
        return read(new(json, path, ignoredFields));
    }

    /// <summary>A file that must be a JSON object.</summary>
    public static JsonObject ReadObject(string path)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllBytes(path)) as JsonObject ?? throw new JsonException("it is no object");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new DataException($"'{path}' is not readable: {failure.Message} A model's folder has it beside its weights; fetch it again.", failure) { Origin = path };
        }
    }
}
