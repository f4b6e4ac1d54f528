using System.Text.Json.Nodes;
using TorchSharp;

namespace Workbench.LanguageModels;

/// <summary>The shape of a decoder-only language model, as its Hugging Face <c>config.json</c> states it.</summary>
public abstract record LanguageModelConfig
{
    /// <summary>Standard deviation of fresh weights.</summary>
    public double InitializerRange { get; init; } = 0.02;
    /// <summary>V: rows of the embedding. May exceed the tokenizer's vocabulary.</summary>
    public required int VocabularySize { get; init; }
    /// <summary>Longest sequence that the model was made for, in tokens.</summary>
    public required int ContextLength { get; init; }
    /// <summary>C: width of the residual stream.</summary>
    public required int HiddenSize { get; init; }
    /// <summary>Number of blocks.</summary>
    public required int LayerCount { get; init; }
    /// <summary>Number of query heads in each block.</summary>
    public required int HeadCount { get; init; }
    /// <summary>Whether the output head is the transposed embedding.</summary>
    public required bool TieEmbeddings { get; init; }
    /// <summary>Dropout on attention probabilities while training, 0 to 1.</summary>
    public double AttentionDropout { get; init; }
    /// <summary>Fields of config.json that do not change the logits, kept for writing it back.</summary>
    public JsonObject Extras { get; init; } = [];

    /// <summary>The name of the family in <c>model_type</c>.</summary>
    public abstract string ModelType { get; }

    /// <summary>Longest sequence whose keys a cache may keep; keys of longer ones would have to be rotated anew.</summary>
    internal virtual int CacheableLength => int.MaxValue;

    /// <summary>Longest sequence that can be generated, the prompt included.</summary>
    internal virtual int LongestSequence => ContextLength;

    /// <summary>A network of this shape with uninitialised weights on <paramref name="device"/>.</summary>
    internal abstract CausalLanguageModel NewNetwork(torch.ScalarType type, torch.Device device);

    /// <summary>Writes the family's own fields into <paramref name="json"/>.</summary>
    internal abstract void WriteTo(JsonObject json);

    /// <summary>The content of config.json for weights of <paramref name="type"/>.</summary>
    internal JsonObject ToJson(torch.ScalarType type)
    {
        var json = (JsonObject)Extras.DeepClone();
        json["model_type"] = ModelType;
        json["vocab_size"] = VocabularySize;
        json["tie_word_embeddings"] = TieEmbeddings;
        json["initializer_range"] = InitializerRange;
        WriteTo(json);
        json.Remove("dtype");
        json["torch_dtype"] = type switch
        {
            torch.ScalarType.Float16 => "float16",
            torch.ScalarType.BFloat16 => "bfloat16",
            _ => "float32",
        };
        return json;
    }
}
