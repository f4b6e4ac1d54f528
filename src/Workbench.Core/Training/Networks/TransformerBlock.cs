using TorchSharp.Modules;
using Workbench.Tensors;
using static TorchSharp.torch;

namespace Workbench.Training.Networks;

/// <summary>
/// A pre-norm transformer block: tokens + attention(norm(tokens)), then tokens + feed-forward(norm(tokens)), whose gate is
/// ReGLU, a · relu(b) (Shazeer 2020). B batch, T tokens, C channels, F feed-forward width.
/// </summary>
public sealed class TransformerBlock : nn.Module<Tensor, Tensor?, Tensor>
{
    private readonly double _dropout;

    /// <summary>Builds a module with random weights from libtorch's generator.</summary>
    /// <param name="width">C, a multiple of <paramref name="heads"/>.</param>
    /// <param name="heads">Attention heads.</param>
    /// <param name="dropout">Share dropped in training, of attention weights and feed-forward units.</param>
    /// <param name="normalisesInput">Whether attention reads normalised tokens.</param>
    public TransformerBlock(int width, int heads, double dropout, bool normalisesInput = true) : base(nameof(TransformerBlock))
    {
        _dropout = dropout;
        int inner = (int)Math.Round(width * 4 / 3.0);   // FT-Transformer's default factor
        AttentionNorm = normalisesInput ? nn.LayerNorm(width) : null;
        Attention = new(width, heads, dropout);
        FeedForwardNorm = nn.LayerNorm(width);
        Expand = nn.Linear(width, 2 * inner);
        Contract = nn.Linear(inner, width);
        if (AttentionNorm is not null)
            register_module("attention_norm", AttentionNorm);
        register_module("attention", Attention);
        register_module("feed_forward_norm", FeedForwardNorm);
        register_module("expand", Expand);
        register_module("contract", Contract);
    }

    /// <summary>Before the attention, or null.</summary>
    public LayerNorm? AttentionNorm { get; }
    /// <summary>Mixes tokens.</summary>
    public SelfAttention Attention { get; }
    /// <summary>Before the feed-forward part.</summary>
    public LayerNorm FeedForwardNorm { get; }
    /// <summary>From C to 2F: values and gates, one after the other.</summary>
    public Linear Expand { get; }
    /// <summary>From F to C.</summary>
    public Linear Contract { get; }

    /// <summary>The tokens after the block.</summary>
    /// <param name="tokens">[B × T × C].</param>
    /// <param name="mask">As <see cref="SelfAttention.forward"/> takes it.</param>
    /// <returns>[B × T × C].</returns>
    public override Tensor forward(Tensor tokens, Tensor? mask)
    {
        using var scope = NewDisposeScope();
        var attended = tokens.Plus(Attention.forward(AttentionNorm is null ? tokens : AttentionNorm.forward(tokens), mask));
        var halves = Expand.forward(FeedForwardNorm.forward(attended)).chunk(2, -1);                       // 2 of [B, T, F]
        var gated = nn.functional.dropout(halves[0] * halves[1].relu(), _dropout, training);               // [B, T, F]
        return attended.Plus(Contract.forward(gated)).MoveToOuterDisposeScope();                           // [B, T, C]
    }
}
