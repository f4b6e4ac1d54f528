using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Workbench.Training.Networks;

/// <summary>Multi-head self-attention (Vaswani et al. 2017). B batch, T tokens, C channels, H heads.</summary>
public sealed class SelfAttention : nn.Module<Tensor, Tensor?, Tensor>
{
    private readonly double _dropout;

    /// <summary>Builds a module with random weights from libtorch's generator.</summary>
    /// <param name="width">C, a multiple of <paramref name="heads"/>.</param>
    /// <param name="heads">H.</param>
    /// <param name="dropout">Share of attention weights dropped in training.</param>
    public SelfAttention(int width, int heads, double dropout) : base(nameof(SelfAttention))
    {
        (Heads, _dropout) = (heads, dropout);
        Query = nn.Linear(width, width);
        Key = nn.Linear(width, width);
        Value = nn.Linear(width, width);
        Output = nn.Linear(width, width);
        register_module("query", Query);
        register_module("key", Key);
        register_module("value", Value);
        register_module("output", Output);
    }

    /// <summary>H.</summary>
    public int Heads { get; }
    /// <summary>From C to C.</summary>
    public Linear Query { get; }
    /// <summary>From C to C.</summary>
    public Linear Key { get; }
    /// <summary>From C to C.</summary>
    public Linear Value { get; }
    /// <summary>From C to C.</summary>
    public Linear Output { get; }

    /// <summary>Each token as a mixture of all.</summary>
    /// <param name="tokens">[B × T × C].</param>
    /// <param name="mask">[B × 1 × 1 × T] of bool, true where a token may be looked at; null when all may.</param>
    /// <returns>[B × T × C].</returns>
    public override Tensor forward(Tensor tokens, Tensor? mask)
    {
        using var scope = NewDisposeScope();
        var mixed = nn.functional.scaled_dot_product_attention(
            Split(Query.forward(tokens)), Split(Key.forward(tokens)), Split(Value.forward(tokens)), mask, training ? _dropout : 0);   // [B, H, T, C/H]
        return Output.forward(mixed.transpose(1, 2).reshape(tokens.shape)).MoveToOuterDisposeScope();                                 // [B, T, C]
    }

    private Tensor Split(Tensor value) =>
        value.view(value.shape[0], value.shape[1], Heads, value.shape[2] / Heads).transpose(1, 2);                                    // [B, H, T, C/H]
}
