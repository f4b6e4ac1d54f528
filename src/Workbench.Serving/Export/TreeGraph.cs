using Workbench.Training.Trees;
using static Workbench.Serving.Export.OnnxGraph;

namespace Workbench.Serving.Export;

/// <summary>Trees as one node: https://onnx.ai/onnx/operators/onnx_aionnxml_TreeEnsembleRegressor.html. B batch, F inputs, O outputs.</summary>
internal static class TreeGraph
{
    /// <summary>[B × O] scores; of several classes, too, whose probabilities are taken from the scores afterwards.</summary>
    public static string Scores(OnnxGraph graph, TabularGraphInputs inputs, TreeEnsemble ensemble) =>
        graph.Node(MachineLearning, "TreeEnsembleRegressor", [Inputs(graph, inputs, ensemble)], [.. Nodes(ensemble), .. Leaves(ensemble)]);

    private static string Inputs(OnnxGraph graph, TabularGraphInputs inputs, TreeEnsemble ensemble)
    {
        var parts = new List<string>();
        if (inputs.HasNumbers)
            parts.Add(inputs.InOwnUnits());
        string values = graph.Constant("off_on", [0f, 1f], 2);
        for (int column = 0; column < inputs.Categorical; column++)
            parts.Add(graph.Node("OneHot", [inputs.FlatCodes(column), graph.Constant($"codes.{column}", [(long)inputs.CodeCount(column)], 1), values], Attribute("axis", -1)));
        return parts.Count == 1 ? parts[0] : graph.Node("Concat", parts, Attribute("axis", 1));   // [B, F]
    }

    private static IEnumerable<OnnxAttribute> Nodes(TreeEnsemble ensemble)
    {
        var nodes = ensemble.Trees.Index().SelectMany(pair => pair.Item.Inputs.Index().Select(node => (Tree: pair.Index, Node: node.Index, pair.Item))).ToList();
        bool IsLeaf((int Tree, int Node, DecisionTree Item) one) => one.Item.Inputs[one.Node] < 0;
        yield return Attribute("nodes_treeids", nodes.Select(one => (long)one.Tree));
        yield return Attribute("nodes_nodeids", nodes.Select(one => (long)one.Node));
        yield return Attribute("nodes_modes", nodes.Select(one => IsLeaf(one) ? "LEAF" : "BRANCH_LEQ"));
        yield return Attribute("nodes_featureids", nodes.Select(one => IsLeaf(one) ? 0L : one.Item.Inputs[one.Node]));
        yield return Attribute("nodes_values", nodes.Select(one => IsLeaf(one) ? 0f : one.Item.Values[one.Node]));
        yield return Attribute("nodes_truenodeids", nodes.Select(one => IsLeaf(one) ? 0L : one.Item.Left[one.Node]));
        yield return Attribute("nodes_falsenodeids", nodes.Select(one => IsLeaf(one) ? 0L : one.Item.Right[one.Node]));
    }

    private static IEnumerable<OnnxAttribute> Leaves(TreeEnsemble ensemble)
    {
        var leaves = ensemble.Trees.Index().SelectMany(pair => pair.Item.Inputs.Index().Where(node => node.Item < 0).Select(node => (Tree: pair.Index, Node: node.Index, pair.Item))).ToList();
        yield return Attribute("target_treeids", leaves.Select(leaf => (long)leaf.Tree));
        yield return Attribute("target_nodeids", leaves.Select(leaf => (long)leaf.Node));
        yield return Attribute("target_ids", leaves.Select(leaf => (long)leaf.Item.Output));
        yield return Attribute("target_weights", leaves.Select(leaf => leaf.Item.Values[leaf.Node]));
        yield return Attribute("n_targets", ensemble.Bases.Count);
        yield return Attribute("base_values", ensemble.Bases);
    }
}
