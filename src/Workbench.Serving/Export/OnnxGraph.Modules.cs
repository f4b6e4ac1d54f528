using TorchSharp;
using Workbench.Data;

namespace Workbench.Serving.Export;

public sealed partial class OnnxGraph
{
    private readonly Dictionary<torch.nn.Module, string> _paths = new(ReferenceEqualityComparer.Instance);
    private readonly Stack<string> _open = new();

    /// <summary>Path of the module that is being lowered, such as <c>blocks.0</c>; empty for the network itself. Begins the names of its weights.</summary>
    public string Path => _open.TryPeek(out string? path) ? path : "";

    /// <summary>Adds a module's nodes; its path is the one under which it is registered in the network.</summary>
    /// <param name="module">A module of a known kind, or one that is <see cref="IOnnxExportable"/>.</param>
    /// <param name="inputs">Names of the values of its forward's tensors, in their order.</param>
    /// <returns>Its only, or its first, output.</returns>
    /// <exception cref="DataException">Its kind is not known, or it has settings that ONNX cannot express; names its path.</exception>
    public string Lower(torch.nn.Module module, params IReadOnlyList<string> inputs) => LowerAll(module, inputs)[0];

    /// <summary>Adds a module's nodes, for one with several outputs: <c>LSTM</c> has the outputs and the last states.</summary>
    /// <param name="module">A module of a known kind, or one that is <see cref="IOnnxExportable"/>.</param>
    /// <param name="inputs">Names of the values of its forward's tensors, in their order.</param>
    /// <returns>Its outputs, in the order in which forward returns them.</returns>
    /// <exception cref="DataException">Its kind is not known, or it has settings that ONNX cannot express; names its path.</exception>
    public IReadOnlyList<string> LowerAll(torch.nn.Module module, params IReadOnlyList<string> inputs) =>
        LowerAll(_paths.TryGetValue(module, out string? path) ? path : Join(Path, module.GetType().Name), module, inputs);

    /// <summary>The name of one of the current module's weights: its path and the weight's own name.</summary>
    /// <param name="name">Such as <c>weight</c>.</param>
    /// <param name="tensor">The tensor.</param>
    public string OwnWeight(string name, torch.Tensor tensor) => Weight(Join(Path, name), tensor);

    /// <summary>Remembers where each module of a network is registered.</summary>
    internal void Know(torch.nn.Module network)
    {
        _paths[network] = "";
        foreach (var (name, module) in network.named_modules())
            _paths.TryAdd(module, name);
    }

    internal IReadOnlyList<string> LowerAll(string path, torch.nn.Module module, IReadOnlyList<string> inputs)
    {
        _open.Push(path);
        try
        {
            return module is IOnnxExportable own ? own.ToOnnx(this, inputs) : ModuleLowering.Find(path, module)(this, module, inputs);
        }
        finally
        {
            _open.Pop();
        }
    }

    /// <summary>A path below another.</summary>
    internal static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    /// <summary>What a lowering says when a module has settings that ONNX cannot express.</summary>
    internal DataException Refusal(string what, string remedy) =>
        new($"Cannot export {(Path.Length == 0 ? "the module" : $"module '{Path}'")}: {what}. {remedy}");

    /// <summary>Refuses an operator that is younger than the file's operator set and has no decomposition here.</summary>
    internal void Require(int opset, string operation)
    {
        if (Opset < opset)
            throw Refusal($"operator {operation} exists from opset {opset} on and opset {Opset} was asked for", $"Export with opset {opset} or newer");
    }
}
