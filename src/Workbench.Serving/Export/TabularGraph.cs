using TorchSharp.Modules;
using Workbench.Data;
using Workbench.Features;
using Workbench.Serving.Sessions;
using Workbench.Training;
using Workbench.Training.Tabular;
using static Workbench.Serving.Export.OnnxGraph;
using DataType = Workbench.Serving.Export.Proto.TensorProto.Types.DataType;

namespace Workbench.Serving.Export;

/// <summary>
/// The whole of a tabular model as one graph: raw columns in; probability and label, probabilities and class, or value out.
/// B batch, D numeric inputs, E_k width of an embedding, F inputs of trees, C classes, O outputs.
/// </summary>
internal static class TabularGraph
{
    public static OnnxGraph From(TrainedTabularModel model, int opset = OnnxExporter.Opset)
    {
        var graph = new OnnxGraph("tabular", opset);
        var inputs = TabularGraphInputs.Declare(graph, model.Preprocessor);
        string scores = model switch
        {
            { Trees: { } trees } => TreeGraph.Scores(graph, inputs, trees),
            { Network: TabularNetwork network } => Chain(graph, "layers", network.Layers, Beside(graph, inputs, network.Embeddings)),
            { Network: ResidualTabularNetwork network } => Chain(graph, "layers", network.Layers, Beside(graph, inputs, network.Embeddings)),
            { Network: FtTransformer network } => TransformerGraph.Scores(graph, inputs, network),
            _ => throw new DataException($"Cannot export a model of the architecture {model.Architecture}: it has no lowering. Add one to {nameof(TabularGraph)}."),
        };                                                                                             // [B, O]
        switch (model.Task)
        {
            case PredictionTask.Binary:
                Binary(graph, scores);
                break;
            case PredictionTask.Multiclass:
                Multiclass(graph, scores, model);
                break;
            default:
                string value = graph.Node("Add", [graph.Node("Mul", [scores, graph.Constant("label.deviation", [model.Preprocessor.LabelDeviation])]), graph.Constant("label.mean", [model.Preprocessor.LabelMean])]);
                graph.Output(value, OnnxModel.ValueOutput, DataType.Float);
                break;
        }
        return graph;
    }

    private static void Binary(OnnxGraph graph, string scores)
    {
        string probability = graph.Node("Sigmoid", [scores]);                                          // [B, 1]
        string isPositive = graph.Node("GreaterOrEqual", [probability, graph.Constant("threshold", [0.5f])]);
        graph.Output(probability, OnnxModel.ProbabilityOutput, DataType.Float);
        graph.Output(graph.Node("Cast", [isPositive], Attribute("to", (long)DataType.Int64)), OnnxModel.LabelOutput, DataType.Int64);
    }

    private static void Multiclass(OnnxGraph graph, string scores, TrainedTabularModel model)
    {
        string probabilities = model.Trees is null ? graph.Node("Softmax", [scores], Attribute("axis", -1)) : Normalised(graph, graph.Node("Sigmoid", [scores]));   // [B, C]
        string index = graph.Node("ArgMax", [probabilities], Attribute("axis", 1), Attribute("keepdims", 1));                                                       // [B, 1]
        string label = graph.Node(MachineLearning, "LabelEncoder", [index],
            Attribute("keys_int64s", Enumerable.Range(0, model.Classes.Count).Select(code => (long)code)), Attribute("values_strings", model.Classes));
        graph.Output(probabilities, OnnxModel.ProbabilitiesOutput, DataType.Float, model.Classes.Count);
        graph.Output(label, OnnxModel.LabelOutput, DataType.String);
    }

    // One model a class: each probability over the sum of all.
    private static string Normalised(OnnxGraph graph, string probabilities) =>
        graph.Node("Div", [probabilities, graph.Node("ReduceSum", [probabilities, graph.Constant("classes", [1L], 1)], Attribute("keepdims", 1))]);

    private static string Beside(OnnxGraph graph, TabularGraphInputs inputs, ModuleList<Embedding> embeddings)
    {
        var parts = new List<string>();
        if (inputs.HasNumbers)
            parts.Add(inputs.Standardised());                                                          // [B, D]
        for (int column = 0; column < embeddings.Count; column++)
            parts.Add(ModuleLowering.Lower(graph, $"embeddings.{column}", embeddings[column], inputs.FlatCodes(column)));   // [B, E_k]
        return parts.Count == 1 ? parts[0] : graph.Node("Concat", parts, Attribute("axis", 1));
    }

    private static string Chain(OnnxGraph graph, string path, Sequential layers, string input) =>
        layers.named_children().Aggregate(input, (value, child) => child.module is ResidualBlock block
            ? graph.Node("Add", [value, ModuleLowering.Lower(graph, $"{path}.{child.name}.branch", block.Branch, value)])
            : ModuleLowering.Lower(graph, $"{path}.{child.name}", child.module, value));
}
