using System.Text.Json.Nodes;
using TorchSharp;

namespace Workbench.LanguageModels;

/// <summary>GPT-2: learned positions, LayerNorm before each half of a block, weights stored [in, out].</summary>
public sealed record Gpt2Config : LanguageModelConfig
{
    internal const string Family = "gpt2";

    /// <summary>Width of the feed-forward layer; 4 times the hidden size where config.json has none.</summary>
    public required int FeedForwardSize { get; init; }
    /// <summary>The activation's name as config.json spells it.</summary>
    public string Activation { get; init; } = "gelu_new";
    /// <summary>Added to the variance in LayerNorm.</summary>
    public double NormEpsilon { get; init; } = 1e-5;
    /// <summary>Dropout on embeddings while training, 0 to 1.</summary>
    public double EmbeddingDropout { get; init; }
    /// <summary>Dropout on what each half of a block adds while training, 0 to 1.</summary>
    public double ResidualDropout { get; init; }
    /// <summary>Whether attention scores are divided by the square root of the head's width.</summary>
    public bool ScaleAttention { get; init; } = true;
    /// <summary>Whether attention scores are also divided by the layer's one-based number.</summary>
    public bool ScaleAttentionByLayer { get; init; }

    /// <inheritdoc/>
    public override string ModelType => Family;

    internal static Gpt2Config Read(ConfigFields fields)
    {
        int hidden = fields.Size("n_embd");
        fields.Demand("add_cross_attention", false);
        fields.Ignore("n_ctx", "reorder_and_upcast_attn");   // the second is about overflow in float16, which SDPA's kernels avoid themselves
        return new()
        {
            VocabularySize = fields.Size("vocab_size"),
            ContextLength = fields.Size("n_positions"),
            HiddenSize = hidden,
            LayerCount = fields.Size("n_layer"),
            HeadCount = fields.Divisor("n_head", "n_embd", hidden),
            FeedForwardSize = fields.Size("n_inner", 4 * hidden),
            Activation = fields.OneOf("activation_function", "gelu_new", Activations.Names),
            NormEpsilon = fields.Number("layer_norm_epsilon", 1e-5),
            AttentionDropout = fields.Share("attn_pdrop", 0.1),
            EmbeddingDropout = fields.Share("embd_pdrop", 0.1),
            ResidualDropout = fields.Share("resid_pdrop", 0.1),
            ScaleAttention = fields.Flag("scale_attn_weights", true),
            ScaleAttentionByLayer = fields.Flag("scale_attn_by_inverse_layer_idx", false),
            TieEmbeddings = fields.Flag("tie_word_embeddings", true),
            InitializerRange = fields.Number("initializer_range", 0.02),
            Extras = fields.Finish(),
        };
    }

    internal override CausalLanguageModel NewNetwork(torch.ScalarType type, torch.Device device) => new Gpt2Model(this, type, device);

    internal override void WriteTo(JsonObject json)
    {
        json["architectures"] = new JsonArray("GPT2LMHeadModel");
        json["n_positions"] = ContextLength;
        json["n_ctx"] = ContextLength;
        json["n_embd"] = HiddenSize;
        json["n_layer"] = LayerCount;
        json["n_head"] = HeadCount;
        json["n_inner"] = FeedForwardSize == 4 * HiddenSize ? null : FeedForwardSize;
        json["activation_function"] = Activation;
        json["layer_norm_epsilon"] = NormEpsilon;
        json["attn_pdrop"] = AttentionDropout;
        json["embd_pdrop"] = EmbeddingDropout;
        json["resid_pdrop"] = ResidualDropout;
        json["scale_attn_weights"] = ScaleAttention;
        json["scale_attn_by_inverse_layer_idx"] = ScaleAttentionByLayer;
    }
}
