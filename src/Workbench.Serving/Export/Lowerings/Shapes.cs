namespace Workbench.Serving.Export.Lowerings;

/// <summary>Modules that only change the shape.</summary>
internal static class Shapes
{
    public static string Flatten(OnnxGraph graph, string x, long first, long last)
    {
        if (first == 1 && last == -1)
            return graph.Node("Flatten", [x], OnnxGraph.Attribute("axis", 1));
        int rank = graph.Rank(x) ?? throw graph.Refusal($"Flatten({first}, {last}) needs an input whose number of dimensions is known", "Flatten from dimension 1 to the last");
        (first, last) = (first < 0 ? first + rank : first, last < 0 ? last + rank : last);
        return graph.ReshapeTo(x, Around(graph, x, rank, (int)first, (int)last, [-1]));
    }

    public static string Unflatten(OnnxGraph graph, string x, long dimension, IReadOnlyList<long> sizes)
    {
        int rank = graph.Rank(x) ?? throw graph.Refusal("Unflatten needs an input whose number of dimensions is known", "Reshape earlier in the network");
        int axis = (int)(dimension < 0 ? dimension + rank : dimension);
        return graph.ReshapeTo(x, Around(graph, x, rank, axis, axis, sizes));
    }

    // The shape with the dimensions from first to last replaced.
    private static string Around(OnnxGraph graph, string x, int rank, int first, int last, IReadOnlyList<long> middle)
    {
        if (last == rank - 1)
            return graph.Integers([.. Enumerable.Repeat(0L, first), .. middle]);   // Reshape copies a dimension where the shape says 0
        string shape = graph.Shape(x);
        string[] after = [.. Enumerable.Range(last + 1, rank - last - 1).Select(axis => graph.Unsqueeze(graph.Select(shape, 0, axis), 0))];
        return graph.Concat(0, [graph.Integers([.. Enumerable.Repeat(0L, first), .. middle]), .. after]);
    }
}
