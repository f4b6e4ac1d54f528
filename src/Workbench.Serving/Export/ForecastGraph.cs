using Workbench.Training.Forecasting;
using static Workbench.Serving.Export.OnnxGraph;

namespace Workbench.Serving.Export;

/// <summary>A forecaster as one graph. B batch, L window, H horizon, Q quantiles.</summary>
internal static class ForecastGraph
{
    public const string HistoryInput = "history", ForecastOutput = "forecast";

    public static OnnxGraph From(TrainedForecaster model, int opset = OnnxExporter.Opset)
    {
        var (network, options) = (model.Network, model.Options);
        int quantiles = options.Quantiles.Count;
        var graph = new OnnxGraph("forecast", opset);
        string history = graph.Input(HistoryInput, OnnxType.Float, ["batch", options.Window]);
        string mean = graph.Constant("mean", [model.Mean]), deviation = graph.Constant("deviation", [model.Deviation]);
        string window = graph.Node("Div", [graph.Node("Sub", [history, mean]), deviation]);                                            // [B, L]
        string last = graph.Node("Gather", [window, graph.Constant("last", [options.Window - 1L], 1)], Attribute("axis", 1));          // [B, 1]
        string flat = ModuleLowering.Lower(graph, "linear", network.Linear, graph.Node("Sub", [window, last]));                        // [B, H·Q]
        string learned = graph.Node("Reshape", [flat, graph.Constant("shape", [-1L, options.Horizon, quantiles], 3)]);                 // [B, H, Q]
        string repeated = graph.Node("Gather", [window, graph.Constant("repeated", network.Repeated.ToArray(), options.Horizon)], Attribute("axis", 1));   // [B, H]

        string Learned(int quantile) => graph.Node("Gather", [learned, graph.Constant($"quantile.{quantile}", [(long)quantile])], Attribute("axis", 2));  // [B, H]
        var values = new string[quantiles];
        values[network.Median] = graph.Node("Add", [repeated, Learned(network.Median)]);
        for (int q = network.Median + 1; q < quantiles; q++)
            values[q] = graph.Node("Add", [values[q - 1], graph.Node("Softplus", [Learned(q)])]);
        for (int q = network.Median - 1; q >= 0; q--)
            values[q] = graph.Node("Sub", [values[q + 1], graph.Node("Softplus", [Learned(q)])]);

        string axes = graph.Constant("quantile.axes", [2L], 1);
        string all = graph.Node("Concat", values.Select(value => graph.Node("Unsqueeze", [value, axes])).ToList(), Attribute("axis", 2));   // [B, H, Q]
        graph.Output(graph.Node("Add", [graph.Node("Mul", [all, deviation]), mean]), ForecastOutput, OnnxType.Float, ["batch", options.Horizon, quantiles]);
        return graph;
    }
}
