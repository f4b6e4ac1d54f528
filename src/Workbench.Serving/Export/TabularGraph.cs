using Workbench.Features;
using Workbench.Serving.Sessions;
using Workbench.Training;
using static Workbench.Serving.Export.OnnxGraph;
using DataType = Workbench.Serving.Export.Proto.TensorProto.Types.DataType;

namespace Workbench.Serving.Export;

/// <summary>The whole of a tabular model as one graph: raw columns in, probability and label out.</summary>
internal static class TabularGraph
{
    /// <summary>B batch, D numeric columns, E_k width of an embedding.</summary>
    public static OnnxGraph From(TrainedTabularModel model)
    {
        var graph = new OnnxGraph("tabular");
        var parts = new List<string>();
        if (model.Schema.Numeric.Count > 0)
            parts.Add(Standardised(graph, model.Preprocessor));                                        // [B, D]
        for (int column = 0; column < model.Schema.Categorical.Count; column++)
            parts.Add(Embedded(graph, model, column));                                                 // [B, E_k]
        string inputs = parts.Count == 1 ? parts[0] : graph.Node("Concat", parts, Attribute("axis", 1));
        string logits = ModuleLowering.Lower(graph, "layers", model.Network.Layers, inputs);           // [B, 1]
        string probability = graph.Node("Sigmoid", [logits]);
        string isPositive = graph.Node("GreaterOrEqual", [probability, graph.Constant("threshold", [0.5f])]);
        graph.Output(probability, OnnxModel.ProbabilityOutput, DataType.Float);
        graph.Output(graph.Node("Cast", [isPositive], Attribute("to", (long)DataType.Int64)), OnnxModel.LabelOutput, DataType.Int64);
        return graph;
    }

    // The order of input declarations is the order of the schema.
    private static string Standardised(OnnxGraph graph, TabularPreprocessor preprocessor)
    {
        var columns = preprocessor.Schema.Numeric.Select(name => graph.Column(name, DataType.Float)).ToList();
        string numbers = columns.Count == 1 ? columns[0] : graph.Node("Concat", columns, Attribute("axis", 1));
        string means = graph.Constant("means", preprocessor.Means.ToArray(), 1, columns.Count);
        string deviations = graph.Constant("deviations", preprocessor.StandardDeviations.ToArray(), 1, columns.Count);
        string present = graph.Node("Where", [graph.Node("IsNaN", [numbers]), means, numbers]);
        return graph.Node("Div", [graph.Node("Sub", [present, means]), deviations]);
    }

    private static string Embedded(OnnxGraph graph, TrainedTabularModel model, int column)
    {
        var categories = model.Preprocessor.Categories[column];
        string text = graph.Column(model.Schema.Categorical[column], DataType.String);
        // The key for the missing also keeps the table from being empty, which the operator does not allow.
        string codes = graph.Node(MachineLearning, "LabelEncoder", [text],
            Attribute("keys_strings", [OnnxModel.MissingCategory, .. categories]),
            Attribute("values_int64s", Enumerable.Range(0, categories.Count + 1).Select(code => (long)code)),
            Attribute("default_int64", 0));
        string flat = graph.Node("Squeeze", [codes, graph.Constant($"axes.{column}", [1L], 1)]);      // [B, 1] -> [B]
        return ModuleLowering.Lower(graph, $"embeddings.{column}", model.Network.Embeddings[column], flat);
    }
}
