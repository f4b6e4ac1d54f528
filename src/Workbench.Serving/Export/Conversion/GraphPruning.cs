using Workbench.Serving.Export.Proto;

namespace Workbench.Serving.Export.Conversion;

/// <summary>Removes nodes and weights that no output needs, such as the last states of an LSTM.</summary>
internal static class GraphPruning
{
    public static void Apply(GraphProto graph)
    {
        var needed = graph.Output.Select(output => output.Name).ToHashSet();
        for (int node = graph.Node.Count - 1; node >= 0; node--)   // a node comes after those whose values it takes
            if (graph.Node[node].Output.Any(needed.Contains))
                needed.UnionWith(graph.Node[node].Input);
            else
                graph.Node.RemoveAt(node);
        for (int weight = graph.Initializer.Count - 1; weight >= 0; weight--)
            if (!needed.Contains(graph.Initializer[weight].Name))
                graph.Initializer.RemoveAt(weight);
    }
}
