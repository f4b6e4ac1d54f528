using System.Text.Json.Nodes;
using TorchSharp;

namespace Workbench.LanguageModels;

/// <summary>Llama and its relatives Qwen2 and Mistral: rotary positions, RMSNorm, grouped keys and values, gated feed-forward.</summary>
public sealed record LlamaConfig : LanguageModelConfig
{
    internal const string Llama = "llama";
    internal const string Qwen2 = "qwen2";
    internal const string Mistral = "mistral";

    /// <summary><c>llama</c>, <c>qwen2</c> or <c>mistral</c>.</summary>
    public string Family { get; init; } = Llama;
    /// <summary>Number of key and value heads; divides the number of query heads.</summary>
    public required int KeyValueHeadCount { get; init; }
    /// <summary>Width of one head.</summary>
    public required int HeadSize { get; init; }
    /// <summary>Width of the feed-forward layer.</summary>
    public required int FeedForwardSize { get; init; }
    /// <summary>The activation's name as config.json spells it.</summary>
    public string Activation { get; init; } = "silu";
    /// <summary>Added to the mean square in RMSNorm.</summary>
    public double NormEpsilon { get; init; } = 1e-6;
    /// <summary>How positions turn queries and keys.</summary>
    public RotaryOptions Rotary { get; init; } = new();
    /// <summary>Whether the query, key and value projections have biases.</summary>
    public bool QueryKeyValueBias { get; init; }
    /// <summary>Whether attention's output projection has a bias.</summary>
    public bool OutputBias { get; init; }
    /// <summary>Whether the feed-forward projections have biases.</summary>
    public bool FeedForwardBias { get; init; }

    /// <inheritdoc/>
    public override string ModelType => Family;

    internal override int CacheableLength => Rotary.Kind == RotaryKind.Dynamic ? ContextLength : int.MaxValue;

    internal override int LongestSequence => Rotary.Kind == RotaryKind.Dynamic ? (int)(ContextLength * Rotary.Factor) : ContextLength;

    internal static LlamaConfig Read(ConfigFields fields, string family)
    {
        int hidden = fields.Size("hidden_size");
        int heads = fields.Size("num_attention_heads");
        int context = fields.Size("max_position_embeddings");
        bool attentionBias = family == Llama && fields.Flag("attention_bias", false);
        fields.Ignore("pretraining_tp");   // splits the products, not their result
        RefuseSlidingWindow(fields, family, context);
        return new()
        {
            Family = family,
            VocabularySize = fields.Size("vocab_size"),
            ContextLength = context,
            HiddenSize = hidden,
            LayerCount = fields.Size("num_hidden_layers"),
            HeadCount = heads,
            KeyValueHeadCount = fields.Divisor("num_key_value_heads", "num_attention_heads", heads, heads),
            HeadSize = fields.Even("head_dim", hidden / heads),
            FeedForwardSize = fields.Size("intermediate_size"),
            Activation = fields.OneOf("hidden_act", "silu", Activations.Names),
            NormEpsilon = fields.Number("rms_norm_eps", 1e-6),
            Rotary = RotaryOptions.Read(fields, context),
            QueryKeyValueBias = family == Qwen2 || attentionBias,
            OutputBias = attentionBias,
            FeedForwardBias = family == Llama && fields.Flag("mlp_bias", false),
            AttentionDropout = fields.Share("attention_dropout", 0),
            TieEmbeddings = fields.Flag("tie_word_embeddings", false),
            InitializerRange = fields.Number("initializer_range", 0.02),
            Extras = fields.Finish(),
        };
    }

    internal override CausalLanguageModel NewNetwork(torch.ScalarType type, torch.Device device) => new LlamaModel(this, type, device);

    internal override void WriteTo(JsonObject json)
    {
        json["architectures"] = new JsonArray(Family switch { Qwen2 => "Qwen2ForCausalLM", Mistral => "MistralForCausalLM", _ => "LlamaForCausalLM" });
        json["max_position_embeddings"] = ContextLength;
        json["hidden_size"] = HiddenSize;
        json["num_hidden_layers"] = LayerCount;
        json["num_attention_heads"] = HeadCount;
        json["num_key_value_heads"] = KeyValueHeadCount;
        json["head_dim"] = HeadSize;
        json["intermediate_size"] = FeedForwardSize;
        json["hidden_act"] = Activation;
        json["rms_norm_eps"] = NormEpsilon;
        json["attention_dropout"] = AttentionDropout;
        Rotary.WriteTo(json);
        if (Family == Llama)
        {
            json["attention_bias"] = OutputBias;
            json["mlp_bias"] = FeedForwardBias;
        }
        if (Family == Mistral)
            json["sliding_window"] = null;   // absent, it would mean 4096
    }

    // A window as long as the context hides nothing.
    private static void RefuseSlidingWindow(ConfigFields fields, string family, int context)
    {
        bool windowed = family switch { Qwen2 => fields.Flag("use_sliding_window", false), Mistral => true, _ => false };
        int window = family == Llama ? context : fields.Size("sliding_window", family == Mistral && !fields.Has("sliding_window") ? 4096 : context);
        fields.Ignore("max_window_layers");
        if (windowed && window < context)
            fields.Refuse("sliding_window", $"{window}; attention over a window shorter than the context ({context}) is not supported");
        foreach (string kind in fields.Texts("layer_types"))
            if (kind != "full_attention")
                fields.Refuse("layer_types", $"'{kind}'; allowed is full_attention");
    }
}
