using TorchSharp;
using TorchSharp.Modules;

namespace Workbench.Serving.Export.Lowerings;

/// <summary>Tables of vectors and the bilinear form.</summary>
internal static class Embeddings
{
    // y_o = x₁ᵀ W_o x₂ + b_o
    public static IReadOnlyList<string> Bilinear(OnnxGraph graph, torch.nn.Module module, IReadOnlyList<string> inputs)
    {
        var bilinear = (Bilinear)module;
        if (inputs is not [var first, var second])
            throw graph.Refusal($"Bilinear takes two tensors and was given {inputs.Count}", "Lower it with both");
        string product = graph.Node("Einsum", [first, graph.OwnWeight("weight", bilinear.weight), second], OnnxGraph.Attribute("equation", "...i,oij,...j->...o"));
        return [bilinear.bias is { } bias ? graph.Add(product, graph.OwnWeight("bias", bias)) : product];
    }

    /// <summary>Bags as rows of [B, L], or as one list [N] with the offsets [B] at which each begins.</summary>
    public static IReadOnlyList<string> Bag(OnnxGraph graph, torch.nn.Module module, IReadOnlyList<string> inputs)
    {
        var bag = (EmbeddingBag)module;
        var settings = BagSettings.Of(graph, bag);
        string table = graph.OwnWeight("weight", bag.weight!);   // always has one
        return inputs switch
        {
            [var rows] when graph.Rank(rows) is null or 2 => [Rows(graph, settings, table, rows)],
            [var list, var offsets] => [Lists(graph, settings, table, list, offsets)],
            _ => throw graph.Refusal($"EmbeddingBag with {inputs.Count} inputs, the first of {graph.Rank(inputs[0])} dimensions", "Exported are [batch, length] indices, and a list of indices with offsets"),
        };
    }

    private static string Rows(OnnxGraph graph, BagSettings settings, string table, string rows)
    {
        string vectors = graph.Gather(table, rows);                                                                   // [B, L, D]
        if (settings.Padding is not { } padding)
            return settings.Mode switch
            {
                EmbeddingBagMode.Sum => graph.Sum(vectors, keep: false, 1),
                EmbeddingBagMode.Mean => graph.Mean(vectors, keep: false, 1),
                _ => graph.Max(vectors, keep: false, 1),
            };
        if (settings.Mode == EmbeddingBagMode.Max)
            throw graph.Refusal("EmbeddingBag of mode Max with a padding index", "Use mode Sum or Mean, or no padding index");
        string counts = graph.Cast(graph.Node("Not", [graph.Node("Equal", [rows, graph.Integer(padding)])]), OnnxType.Float);   // [B, L]
        return Weighted(graph, settings.Mode, graph.Unsqueeze(counts, 1), vectors);
    }

    // Which position belongs to which bag is a matrix of zeros and ones [B, N]; a bag's sum is its row times the vectors.
    private static string Lists(OnnxGraph graph, BagSettings settings, string table, string list, string offsets)
    {
        if (settings.Mode == EmbeddingBagMode.Max)
            throw graph.Refusal("EmbeddingBag of mode Max with offsets", "Use mode Sum or Mean, or indices of [batch, length]");
        string positions = graph.Unsqueeze(graph.Positions(list, 0), 0);                                                // [1, N]
        string ends = settings.IncludesLastOffset ? graph.Slice(offsets, 0, 1) : graph.Concat(0, graph.Slice(offsets, 0, 1), graph.Shape(list));
        string starts = settings.IncludesLastOffset ? graph.Slice(offsets, 0, 0, -1) : offsets;
        string inside = graph.Node("And",
            [graph.Node("GreaterOrEqual", [positions, graph.Unsqueeze(starts, 1)]), graph.Node("Less", [positions, graph.Unsqueeze(ends, 1)])]);   // [B, N]
        if (settings.Padding is { } padding)
            inside = graph.Node("And", [inside, graph.Unsqueeze(graph.Node("Not", [graph.Node("Equal", [list, graph.Integer(padding)])]), 0)]);
        return Weighted(graph, settings.Mode, graph.Unsqueeze(graph.Cast(inside, OnnxType.Float), 1), graph.Gather(table, list));
    }

    // [B, 1, L] · [B, L, D] (or [N, D]) -> [B, D]; the mean of nothing is zero, as PyTorch has it.
    private static string Weighted(OnnxGraph graph, EmbeddingBagMode mode, string counts, string vectors)
    {
        string sum = graph.Squeeze(graph.MatMul(counts, vectors), 1);
        return mode == EmbeddingBagMode.Sum
            ? sum
            : graph.Divide(sum, graph.Node("Max", [graph.Sum(counts, keep: false, 2), graph.Scalar(1)]));
    }
}
