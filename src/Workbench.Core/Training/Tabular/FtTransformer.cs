using TorchSharp.Modules;
using Workbench.Tensors;
using Workbench.Training.Networks;
using static TorchSharp.torch;

namespace Workbench.Training.Tabular;

/// <summary>
/// FT-Transformer (Gorishniy et al. 2021, "Revisiting Deep Learning Models for Tabular Data", section 3.3): each column
/// becomes a token (a number times a vector plus a vector, a category's embedding), a class token goes before them, and a
/// head reads that token after the transformer's blocks. B batch, D numeric inputs, K categorical columns, C width, O outputs.
/// </summary>
public sealed class FtTransformer : nn.Module<Tensor, Tensor, Tensor>
{
    /// <summary>Builds a network with random weights from libtorch's generator.</summary>
    /// <param name="numericColumns">D.</param>
    /// <param name="codes">[K] number of codes a categorical column, bucket 0 included.</param>
    /// <param name="options">Width, blocks, heads and dropout.</param>
    /// <param name="outputs">O.</param>
    public FtTransformer(int numericColumns, IReadOnlyList<int> codes, TabularTrainingOptions options, int outputs) : base(nameof(FtTransformer))
    {
        int width = options.Width;
        NumericColumns = numericColumns;
        register_parameter("class_token", nn.Parameter(Uniform(width, 1, width)));
        if (numericColumns > 0)
        {
            register_parameter("numeric_weight", nn.Parameter(Uniform(width, numericColumns, width)));
            register_parameter("numeric_bias", nn.Parameter(Uniform(width, numericColumns, width)));
        }
        Embeddings = nn.ModuleList(codes.Select(count => TabularEmbeddings.Create(count, width)).ToArray());
        // The first block reads its tokens as they are: section 3.3, "the first normalization removed".
        Blocks = nn.ModuleList(Enumerable.Range(0, options.Blocks).Select(block => new TransformerBlock(width, options.Heads, options.Dropout, normalisesInput: block > 0)).ToArray());
        Head = nn.Sequential(("0", nn.LayerNorm(width)), ("1", nn.ReLU()), ("2", nn.Linear(width, outputs)));
        register_module("embeddings", Embeddings);
        register_module("blocks", Blocks);
        register_module("head", Head);
    }

    /// <summary>D.</summary>
    public int NumericColumns { get; }
    /// <summary>[1 × C].</summary>
    public Parameter ClassToken => get_parameter("class_token")!;       // registered above
    /// <summary>[D × C]; only with numeric columns.</summary>
    public Parameter NumericWeight => get_parameter("numeric_weight") ?? throw new InvalidOperationException("The network has no numeric columns.");
    /// <summary>[D × C]; only with numeric columns.</summary>
    public Parameter NumericBias => get_parameter("numeric_bias") ?? throw new InvalidOperationException("The network has no numeric columns.");
    /// <summary>K embeddings of width C; row 0 of each is the bucket of the unseen and the missing, and starts at zero.</summary>
    public ModuleList<Embedding> Embeddings { get; }
    /// <summary>The transformer.</summary>
    public ModuleList<TransformerBlock> Blocks { get; }
    /// <summary>From the class token [B × C] to [B × O].</summary>
    public Sequential Head { get; }

    /// <summary>Logits, or values of a regression.</summary>
    /// <param name="numeric">[B × D] standardised numbers.</param>
    /// <param name="codes">[B × K] int64 category codes.</param>
    /// <returns>[B × O].</returns>
    public override Tensor forward(Tensor numeric, Tensor codes)
    {
        using var scope = NewDisposeScope();
        var parts = new List<Tensor> { ClassToken.unsqueeze(0).expand(numeric.shape[0], 1, -1) };             // [B, 1, C]
        if (NumericColumns > 0)
            parts.Add((numeric.unsqueeze(2) * NumericWeight).Plus(NumericBias));                             // [B, D, C]
        for (int column = 0; column < Embeddings.Count; column++)
            parts.Add(Embeddings[column].forward(codes.select(1, column)).unsqueeze(1));                     // [B, 1, C]
        var tokens = Blocks.Aggregate(cat(parts, 1), (value, block) => block.forward(value, null));          // [B, 1 + D + K, C]
        return Head.forward(tokens.select(1, 0)).MoveToOuterDisposeScope();                                  // [B, O]
    }

    private static Tensor Uniform(int width, params long[] shape) => rand(shape).Times(2).Minus(1).DividedBy(Math.Sqrt(width));
}
