using TorchSharp;
using TorchSharp.Modules;
using Workbench.Training.Networks;
using Workbench.Training.Tabular;
using static Workbench.Serving.Export.OnnxGraph;

namespace Workbench.Serving.Export;

/// <summary>Transformers as nodes. B batch, T tokens, C channels, H heads, O outputs.</summary>
internal static class TransformerGraph
{
    /// <summary>[B × O] scores of an FT-Transformer.</summary>
    public static string Scores(OnnxGraph graph, TabularGraphInputs inputs, FtTransformer network)
    {
        long width = network.ClassToken.shape[1];
        string shape = graph.Node("Concat", [inputs.BatchSize(), graph.Constant("class_token.tokens", [1L, 1L], 2)], Attribute("axis", 0));
        var tokens = new List<string> { graph.Node("Expand", [Constant(graph, "class_token", network.ClassToken, 1, 1, width), shape]) };   // [B, 1, C]
        if (inputs.HasNumbers)
            tokens.Add(NumericTokens(graph, inputs, network, width));                                                                    // [B, D, C]
        for (int column = 0; column < network.Embeddings.Count; column++)
            tokens.Add(ModuleLowering.Lower(graph, $"embeddings.{column}", network.Embeddings[column], inputs.Codes(column)));           // [B, 1, C]
        string all = graph.Node("Concat", tokens, Attribute("axis", 1));                                                                 // [B, T, C]
        for (int block = 0; block < network.Blocks.Count; block++)
            all = Block(graph, $"blocks.{block}", network.Blocks[block], all, mask: null);
        string first = graph.Node("Gather", [all, graph.Constant("first", [0L])], Attribute("axis", 1));                                 // [B, C]
        return ModuleLowering.Lower(graph, "head", network.Head, first);
    }

    /// <summary>A transformer block over [B × T × C].</summary>
    /// <param name="graph">Where the nodes go.</param>
    /// <param name="path">The block's path.</param>
    /// <param name="block">The block.</param>
    /// <param name="tokens">[B × T × C].</param>
    /// <param name="mask">[B × 1 × 1 × T] of float, 0 where a token may be looked at and very low elsewhere; null when all may.</param>
    public static string Block(OnnxGraph graph, string path, TransformerBlock block, string tokens, string? mask)
    {
        string normal = block.AttentionNorm is { } norm ? ModuleLowering.Lower(graph, $"{path}.attention_norm", norm, tokens) : tokens;
        string attended = graph.Node("Add", [tokens, Attention(graph, $"{path}.attention", block.Attention, normal, mask)]);
        string expanded = Linear(graph, $"{path}.expand", block.Expand, ModuleLowering.Lower(graph, $"{path}.feed_forward_norm", block.FeedForwardNorm, attended));   // [B, T, 2F]
        long inner = block.Contract.weight.shape[1];
        string gated = graph.Node("Mul", [Columns(graph, path, expanded, 0, inner), graph.Node("Relu", [Columns(graph, path, expanded, inner, 2 * inner)])]);        // [B, T, F]
        return graph.Node("Add", [attended, Linear(graph, $"{path}.contract", block.Contract, gated)]);
    }

    private static string NumericTokens(OnnxGraph graph, TabularGraphInputs inputs, FtTransformer network, long width)
    {
        string numbers = graph.Node("Unsqueeze", [inputs.Standardised(), graph.Constant("numeric.axes", [2L], 1)]);                      // [B, D, 1]
        return graph.Node("Add", [
            graph.Node("Mul", [numbers, Constant(graph, "numeric_weight", network.NumericWeight, 1, network.NumericColumns, width)]),
            Constant(graph, "numeric_bias", network.NumericBias, 1, network.NumericColumns, width)]);
    }

    // softmax(Q·Kᵀ / √(C/H) + mask)·V, head by head.
    private static string Attention(OnnxGraph graph, string path, SelfAttention attention, string tokens, string? mask)
    {
        long width = attention.Query.weight.shape[0], heads = attention.Heads;
        string split = graph.Constant($"{path}.split", [0L, 0L, heads, width / heads], 4), merged = graph.Constant($"{path}.merged", [0L, 0L, width], 3);
        string Heads(string name, Linear linear, params long[] order) =>
            graph.Node("Transpose", [graph.Node("Reshape", [Linear(graph, $"{path}.{name}", linear, tokens), split])], Attribute("perm", order));
        string query = Heads("query", attention.Query, 0, 2, 1, 3), key = Heads("key", attention.Key, 0, 2, 3, 1), value = Heads("value", attention.Value, 0, 2, 1, 3);
        string scaled = graph.Node("Mul", [graph.Node("MatMul", [query, key]), graph.Constant($"{path}.scale", [(float)(1 / Math.Sqrt(width / (double)heads))])]);   // [B, H, T, T]
        string weights = graph.Node("Softmax", [mask is null ? scaled : graph.Node("Add", [scaled, mask])], Attribute("axis", -1));
        string mixed = graph.Node("Transpose", [graph.Node("MatMul", [weights, value])], Attribute("perm", [0L, 2L, 1L, 3L]));           // [B, T, H, C/H]
        return Linear(graph, $"{path}.output", attention.Output, graph.Node("Reshape", [mixed, merged]));
    }

    // Gemm takes matrices only; MatMul takes any batch.
    private static string Linear(OnnxGraph graph, string path, Linear linear, string input)
    {
        using var scope = torch.NewDisposeScope();
        var weight = linear.weight.t();
        string product = graph.Node("MatMul", [input, Constant(graph, $"{path}.weight", weight, weight.shape)]);
        return linear.bias is { } bias ? graph.Node("Add", [product, Constant(graph, $"{path}.bias", bias, bias.shape)]) : product;
    }

    private static string Columns(OnnxGraph graph, string path, string value, long start, long end) => graph.Node("Slice",
        [value, graph.Constant($"{path}.start.{start}", [start], 1), graph.Constant($"{path}.end.{end}", [end], 1), graph.Constant($"{path}.axis.{start}", [-1L], 1)]);

    private static string Constant(OnnxGraph graph, string name, torch.Tensor values, params long[] shape)
    {
        using var scope = torch.NewDisposeScope();
        return graph.Constant(name, values.detach().cpu().contiguous().data<float>().ToArray(), shape);
    }
}
