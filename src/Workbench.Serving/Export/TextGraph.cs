using Workbench.Serving.Sessions;
using Workbench.Training.Text;
using static Workbench.Serving.Export.OnnxGraph;
using DataType = Workbench.Serving.Export.Proto.TensorProto.Types.DataType;

namespace Workbench.Serving.Export;

/// <summary>A text classifier as one graph. B batch, T tokens, W width, C classes.</summary>
internal static class TextGraph
{
    public const string TokensInput = "token_ids";

    // Added to the score of padding: e to this power is 0, and no sum overflows.
    private const float Masked = -1e9f;

    public static OnnxGraph From(TrainedTextModel model, int opset = OnnxExporter.Opset)
    {
        var graph = new OnnxGraph("text", opset);
        string ids = graph.Input(TokensInput, OnnxType.Int64, ["batch", "tokens"]);                                             // [B, T]
        string isToken = graph.Node("Not", [graph.Node("Equal", [ids, graph.Constant("padding", [0L])])]);                    // [B, T]
        string tokens = ModuleLowering.Lower(graph, "embedding", model.Network.Embedding, ids);                               // [B, T, W]
        if (model.Network.Positions is { } positions)
            tokens = graph.Node("Add", [tokens, ModuleLowering.Lower(graph, "positions", positions, Range(graph, ids))]);
        string penalty = graph.Node("Where", [isToken, graph.Constant("seen", [0f]), graph.Constant("masked", [Masked])]);
        string mask = graph.Node("Unsqueeze", [penalty, graph.Constant("mask.axes", [1L, 2L], 2)]);                           // [B, 1, 1, T]
        for (int block = 0; block < model.Network.Blocks.Count; block++)
            tokens = TransformerGraph.Block(graph, $"blocks.{block}", model.Network.Blocks[block], tokens, mask);
        string logits = ModuleLowering.Lower(graph, "head", model.Network.Head, Mean(graph, tokens, isToken));                // [B, C]
        string probabilities = graph.Node("Softmax", [logits], Attribute("axis", -1));
        string label = graph.Node(MachineLearning, "LabelEncoder", [graph.Node("ArgMax", [probabilities], Attribute("axis", 1), Attribute("keepdims", 1))],
            Attribute("keys_int64s", Enumerable.Range(0, model.Classes.Count).Select(code => (long)code)), Attribute("values_strings", model.Classes));
        graph.Output(probabilities, OnnxModel.ProbabilitiesOutput, DataType.Float, model.Classes.Count);
        graph.Output(label, OnnxModel.LabelOutput, DataType.String);
        return graph;
    }

    // [T]: 0, 1, ... T - 1.
    private static string Range(OnnxGraph graph, string ids)
    {
        string length = graph.Node("Gather", [graph.Node("Shape", [ids]), graph.Constant("tokens.dimension", [1L])], Attribute("axis", 0));
        return graph.Node("Range", [graph.Constant("tokens.first", [0L]), length, graph.Constant("tokens.step", [1L])]);
    }

    // Over the tokens that are no padding: [B, W].
    private static string Mean(OnnxGraph graph, string tokens, string isToken)
    {
        string weights = graph.Node("Unsqueeze", [graph.Node("Cast", [isToken], Attribute("to", (long)DataType.Float)), graph.Constant("weights.axes", [2L], 1)]);   // [B, T, 1]
        string axis = graph.Constant("mean.axes", [1L], 1);
        return graph.Node("Div", [
            graph.Node("ReduceSum", [graph.Node("Mul", [tokens, weights]), axis], Attribute("keepdims", 0)),
            graph.Node("ReduceSum", [weights, axis], Attribute("keepdims", 0))]);
    }
}
