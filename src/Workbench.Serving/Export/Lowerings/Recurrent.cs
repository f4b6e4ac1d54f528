using TorchSharp.Modules;
using Workbench.Tensors;
using static TorchSharp.torch;
using static Workbench.Serving.Export.OnnxGraph;

namespace Workbench.Serving.Export.Lowerings;

/// <summary>
/// LSTM, GRU and RNN: one node a layer. T time, B batch, D directions, G gates, H hidden units. Settings that TorchSharp
/// does not show are read off the weights' names and the module's own answers.
/// </summary>
internal static class Recurrent
{
    /// <summary>A kind of cell.</summary>
    /// <param name="Operator">ONNX's name.</param>
    /// <param name="Gates">ONNX's order of the gates, as places in PyTorch's.</param>
    /// <param name="States">How many states it carries on.</param>
    /// <param name="Attributes">Settings of this kind.</param>
    private sealed record Cell(string Operator, int[] Gates, int States, Func<int, IEnumerable<OnnxAttribute>> Attributes);

    // PyTorch: input, forget, cell, output. https://onnx.ai/onnx/operators/onnx__LSTM.html: input, output, forget, cell.
    public static IReadOnlyList<string> Lstm(OnnxGraph graph, nn.Module module, IReadOnlyList<string> inputs) =>
        Layers(graph, module, inputs, new("LSTM", [0, 3, 1, 2], 2, _ => []), x => ((LSTM)module).call(x).Item2);

    // PyTorch: reset, update, new. https://onnx.ai/onnx/operators/onnx__GRU.html: update, reset, hidden.
    public static IReadOnlyList<string> Gru(OnnxGraph graph, nn.Module module, IReadOnlyList<string> inputs) =>
        Layers(graph, module, inputs, new("GRU", [1, 0, 2], 1, _ => [Attribute("linear_before_reset", 1)]), x => ((GRU)module).call(x).Item2);

    // https://onnx.ai/onnx/operators/onnx__RNN.html
    public static IReadOnlyList<string> Plain(OnnxGraph graph, nn.Module module, IReadOnlyList<string> inputs)
    {
        string activation = IsRelu((RNN)module) ? "Relu" : "Tanh";
        return Layers(graph, module, inputs, new("RNN", [0], 1, directions => [Attribute("activations", Enumerable.Repeat(activation, directions))]), x => ((RNN)module).call(x).Item2);
    }

    private static IReadOnlyList<string> Layers(OnnxGraph graph, nn.Module module, IReadOnlyList<string> inputs, Cell cell, Func<Tensor, Tensor> lastState)
    {
        using var scope = NewDisposeScope();
        if (inputs.Count != 1 && inputs.Count != 1 + cell.States)
            throw graph.Refusal($"{cell.Operator} takes the sequence, and {cell.States} initial state(s) or none; it was given {inputs.Count} inputs", "Lower it with one of both");
        var weights = module.named_parameters().ToDictionary(weight => weight.name, weight => (Tensor)weight.parameter);
        if (weights.Keys.FirstOrDefault(name => name.Contains("weight_hr")) is { } projected)
            throw graph.Refusal($"{cell.Operator} with the projection '{projected}'", "Build it without proj_size");
        int directions = weights.ContainsKey("weight_ih_l0_reverse") ? 2 : 1;
        int layers = weights.Keys.Count(name => name.StartsWith("weight_ih_", StringComparison.Ordinal)) / directions;
        bool isBatchFirst = IsBatchFirst(weights["weight_ih_l0"], lastState);
        string x = isBatchFirst ? graph.Transpose(inputs[0], 1, 0, 2) : inputs[0];                              // [T, B, I]
        var states = Enumerable.Range(0, cell.States).Select(_ => new List<string>()).ToArray();
        for (int layer = 0; layer < layers; layer++)
        {
            var outputs = Layer(graph, x, weights, layer, directions, inputs, cell);
            long hidden = weights["weight_hh_l0"].shape[1];
            x = graph.Reshape(graph.Transpose(outputs[0], 0, 2, 1, 3), 0, 0, directions * hidden);              // [T, D, B, H] -> [T, B, D · H]
            for (int state = 0; state < cell.States; state++)
                states[state].Add(outputs[state + 1]);                                                          // [D, B, H]
        }
        return [isBatchFirst ? graph.Transpose(x, 1, 0, 2) : x, .. states.Select(parts => graph.Concat(0, parts))];
    }

    private static IReadOnlyList<string> Layer(
        OnnxGraph graph, string x, Dictionary<string, Tensor> weights, int layer, int directions, IReadOnlyList<string> inputs, Cell cell)
    {
        string[] suffixes = directions == 2 ? [$"_l{layer}", $"_l{layer}_reverse"] : [$"_l{layer}"];
        string Stacked(string name, Func<string, Tensor> one) => graph.OwnWeight($"{name}_l{layer}", stack([.. suffixes.Select(one)]));
        string input = Stacked("weight_ih", suffix => Reordered(weights[$"weight_ih{suffix}"], cell));          // [D, G · H, I]
        string hidden = Stacked("weight_hh", suffix => Reordered(weights[$"weight_hh{suffix}"], cell));         // [D, G · H, H]
        string bias = weights.ContainsKey($"bias_ih{suffixes[0]}")
            ? Stacked("bias", suffix => cat([Reordered(weights[$"bias_ih{suffix}"], cell), Reordered(weights[$"bias_hh{suffix}"], cell)], 0))   // [D, 2 · G · H]
            : "";
        var initial = inputs.Skip(1).Select(state => graph.Slice(state, 0, layer * directions, (layer + 1) * directions));
        return graph.Nodes(cell.Operator, 1 + cell.States, [x, input, hidden, bias, "", .. initial],
        [
            Attribute("hidden_size", weights["weight_hh_l0"].shape[1]), Attribute("direction", directions == 2 ? "bidirectional" : "forward"),
            .. cell.Attributes(directions),
        ]);
    }

    private static Tensor Reordered(Tensor weight, Cell cell)
    {
        var gates = weight.detach().chunk(cell.Gates.Length, 0);
        return cat([.. cell.Gates.Select(gate => gates[gate])], 0);
    }

    // The last state is [layers, B, H]: of an input of 2 × 3 its B says which is the batch.
    private static bool IsBatchFirst(Tensor weight, Func<Tensor, Tensor> lastState)
    {
        using var gradients = no_grad();
        return lastState(zeros(2, 3, weight.shape[1], dtype: weight.dtype, device: weight.device)).shape[1] == 2;
    }

    // Large inputs: tanh is below zero somewhere, ReLU nowhere.
    private static bool IsRelu(RNN module)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var weight = module.named_parameters().First(named => named.name == "weight_ih_l0").parameter;
        long width = weight.shape[1];
        var x = TensorArithmetic.Range(0, 5 * width, weight.dtype, weight.device).sin().reshape(5, 1, width).Times(100);
        return module.call(x).Item1.min().item<float>() >= 0;
    }
}
