using TorchSharp.Modules;
using Workbench.Tensors;
using Workbench.Training.Networks;
using static TorchSharp.torch;

namespace Workbench.Training.Text;

/// <summary>
/// Embeddings of tokens, for a transformer with learned positions and its blocks, averaged over the tokens that are no
/// padding, normalised, and a linear layer. B batch, T tokens, W width, C classes.
/// </summary>
public sealed class TextNetwork : nn.Module<Tensor, Tensor>
{
    /// <summary>Builds a network with random weights from libtorch's generator.</summary>
    /// <param name="numbers">Number of token numbers, padding and unseen included.</param>
    /// <param name="classes">C.</param>
    /// <param name="options">Kind, width, blocks and dropout.</param>
    public TextNetwork(int numbers, int classes, TextTrainingOptions options) : base(nameof(TextNetwork))
    {
        int width = options.Width;
        bool isTransformer = options.Architecture == TextArchitecture.Transformer;
        Embedding = nn.Embedding(numbers, width);
        Positions = isTransformer ? nn.Embedding(options.MaxTokens, width) : null;
        Blocks = nn.ModuleList(Enumerable.Range(0, isTransformer ? options.Blocks : 0).Select(_ => new TransformerBlock(width, options.Heads, options.Dropout)).ToArray());
        Head = nn.Sequential(("0", nn.LayerNorm(width)), ("1", nn.Dropout(options.Dropout)), ("2", nn.Linear(width, classes)));
        register_module("embedding", Embedding);
        if (Positions is not null)
            register_module("positions", Positions);
        register_module("blocks", Blocks);
        register_module("head", Head);
    }

    /// <summary>[numbers × W].</summary>
    public Embedding Embedding { get; }
    /// <summary>[MaxTokens × W]; null for an embedding bag.</summary>
    public Embedding? Positions { get; }
    /// <summary>The transformer; none for an embedding bag.</summary>
    public ModuleList<TransformerBlock> Blocks { get; }
    /// <summary>From [B × W] to [B × C].</summary>
    public Sequential Head { get; }

    /// <summary>Logits.</summary>
    /// <param name="input">[B × T] int64 token numbers; 0 is padding, and no row is all padding.</param>
    /// <returns>[B × C].</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var isToken = input.OtherThan(0);                                                                      // [B, T]
        var tokens = Embedding.forward(input);                                                                 // [B, T, W]
        if (Positions is not null)
            tokens = tokens.Plus(Positions.forward(TensorArithmetic.Range(0, input.shape[1], device: input.device)));   // + [T, W]
        var mask = isToken.unsqueeze(1).unsqueeze(1);                                                          // [B, 1, 1, T]
        tokens = Blocks.Aggregate(tokens, (value, block) => block.forward(value, mask));
        var weights = isToken.unsqueeze(2).to(ScalarType.Float32);                                             // [B, T, 1]
        return Head.forward((tokens * weights).sum(1) / weights.sum(1)).MoveToOuterDisposeScope();             // [B, C]
    }
}
