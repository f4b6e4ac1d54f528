using TorchSharp;
using TorchSharp.Modules;
using Workbench.Data;
using Workbench.Distributed;
using Workbench.LanguageModels;
using Workbench.Serving.Export.Lowerings;

namespace Workbench.Serving.Export;

/// <summary>How each kind of TorchSharp module becomes ONNX nodes: one line a kind, and a new kind needs nothing else.</summary>
internal static class ModuleLowering
{
    /// <summary>Adds a module's nodes.</summary>
    /// <param name="graph">Where they go; its path is the module's.</param>
    /// <param name="module">The module, in evaluation mode.</param>
    /// <param name="inputs">Values of forward's tensors.</param>
    /// <returns>What forward returns.</returns>
    public delegate IReadOnlyList<string> Lowering(OnnxGraph graph, torch.nn.Module module, IReadOnlyList<string> inputs);

    private static readonly Dictionary<Type, Lowering> Known = new()
    {
        [typeof(Sequential)] = One<Sequential>(Chain),
        [typeof(Identity)] = Same,
        [typeof(Dropout)] = Same, [typeof(Dropout1d)] = Same, [typeof(Dropout2d)] = Same, [typeof(Dropout3d)] = Same,   // nothing in evaluation
        [typeof(AlphaDropout)] = Same, [typeof(FeatureAlphaDropout)] = Same,

        [typeof(Linear)] = One<Linear>((graph, module, x) => graph.Linear(x, graph.Path, module.weight, module.bias)),
        [typeof(Bilinear)] = Embeddings.Bilinear,
        [typeof(Embedding)] = One<Embedding>((graph, module, x) => graph.Gather(graph.OwnWeight("weight", module.weight!), x)),   // always has a weight
        [typeof(EmbeddingBag)] = Embeddings.Bag,

        [typeof(LayerNorm)] = One<LayerNorm>(Normalizations.Layer),
        [typeof(GroupNorm)] = One<GroupNorm>(Normalizations.Group),
        [typeof(BatchNorm1d)] = One<NormBase>(Normalizations.Batch),
        [typeof(BatchNorm2d)] = One<NormBase>(Normalizations.Batch),
        [typeof(BatchNorm3d)] = One<NormBase>(Normalizations.Batch),
        [typeof(SyncBatchNorm)] = One<SyncBatchNorm>(Normalizations.Synchronised),
        [typeof(InstanceNorm1d)] = One<InstanceNorm1d>((graph, module, x) => Normalizations.Instance(graph, module, x, 3)),
        [typeof(InstanceNorm2d)] = One<InstanceNorm2d>((graph, module, x) => Normalizations.Instance(graph, module, x, 4)),
        [typeof(InstanceNorm3d)] = One<InstanceNorm3d>((graph, module, x) => Normalizations.Instance(graph, module, x, 5)),
        [typeof(LocalResponseNorm)] = One<LocalResponseNorm>(Normalizations.LocalResponse),

        [typeof(ReLU)] = Node("Relu"),
        [typeof(Sigmoid)] = Node("Sigmoid"),
        [typeof(Tanh)] = Node("Tanh"),
        [typeof(SELU)] = Node("Selu"),
        [typeof(Softsign)] = Node("Softsign"),
        [typeof(ReLU6)] = One<ReLU6>((graph, _, x) => graph.Node("Clip", [x, graph.Scalar(0), graph.Scalar(6)])),
        // TorchSharp 0.107 returns the input unchanged unless it works in place; the check then refuses the file.
        [typeof(Hardtanh)] = One<Hardtanh>((graph, module, x) => graph.Node("Clip", [x, graph.Scalar((float)module.min_val), graph.Scalar((float)module.max_val)])),
        [typeof(LeakyReLU)] = One<LeakyReLU>((graph, module, x) => Activations.Leaky(graph, x, module.negative_slope)),
        [typeof(RReLU)] = One<RReLU>((graph, module, x) => Activations.Leaky(graph, x, (module.lower + module.upper) / 2)),
        [typeof(PReLU)] = One<PReLU>(Activations.Parametric),
        [typeof(ELU)] = One<ELU>((graph, module, x) => graph.Node("Elu", [x], OnnxGraph.Attribute("alpha", (float)module.alpha))),
        [typeof(CELU)] = One<CELU>((graph, module, x) => graph.Node("Celu", [x], OnnxGraph.Attribute("alpha", (float)module.alpha))),
        [typeof(GELU)] = One<GELU>((graph, module, x) => graph.Gelu(x, module.approximate == GELU.Approximate.tanh)),
        [typeof(SiLU)] = One<SiLU>((graph, _, x) => graph.Silu(x)),
        [typeof(Mish)] = One<Mish>(Activations.Mish),
        [typeof(Softplus)] = One<Softplus>(Activations.Softplus),
        [typeof(LogSigmoid)] = One<LogSigmoid>((graph, _, x) => graph.Node("Neg", [graph.Node("Softplus", [graph.Node("Neg", [x])])])),
        [typeof(Hardsigmoid)] = One<Hardsigmoid>((graph, _, x) => Activations.HardSigmoid(graph, x)),
        [typeof(Hardswish)] = One<Hardswish>((graph, _, x) => graph.Multiply(x, Activations.HardSigmoid(graph, x))),
        [typeof(Hardshrink)] = One<Hardshrink>((graph, module, x) => Activations.Shrink(graph, x, module.lambda, 0)),
        [typeof(Softshrink)] = One<Softshrink>((graph, module, x) => Activations.Shrink(graph, x, module.lambda, module.lambda)),
        [typeof(Tanhshrink)] = One<Tanhshrink>((graph, _, x) => graph.Subtract(x, graph.Node("Tanh", [x]))),
        [typeof(Threshold)] = One<Threshold>(Activations.Threshold),
        [typeof(GLU)] = One<GLU>(Activations.Gated),
        [typeof(Softmax)] = One<Softmax>((graph, module, x) => graph.Softmax(x, module.dim)),
        [typeof(Softmin)] = One<Softmin>((graph, module, x) => graph.Softmax(graph.Node("Neg", [x]), module.dim)),
        [typeof(Softmax2d)] = One<Softmax2d>((graph, _, x) => graph.Softmax(x, -3)),
        [typeof(LogSoftmax)] = One<LogSoftmax>((graph, module, x) => graph.Node("LogSoftmax", [x], OnnxGraph.Attribute("axis", module.dim))),

        [typeof(Conv1d)] = One<Convolution>(Convolutions.Lower), [typeof(Conv2d)] = One<Convolution>(Convolutions.Lower), [typeof(Conv3d)] = One<Convolution>(Convolutions.Lower),
        [typeof(ConvTranspose1d)] = One<Convolution>(Convolutions.Transposed), [typeof(ConvTranspose2d)] = One<Convolution>(Convolutions.Transposed),
        [typeof(ConvTranspose3d)] = One<Convolution>(Convolutions.Transposed),
        [typeof(ConstantPad1d)] = One<PadBase>(Convolutions.ConstantPad), [typeof(ConstantPad2d)] = One<PadBase>(Convolutions.ConstantPad),
        [typeof(ConstantPad3d)] = One<PadBase>(Convolutions.ConstantPad), [typeof(ZeroPad2d)] = One<PadBase>(Convolutions.ConstantPad),
        [typeof(ReflectionPad1d)] = One<PadBase>(Convolutions.ReflectionPad), [typeof(ReflectionPad2d)] = One<PadBase>(Convolutions.ReflectionPad),
        [typeof(ReplicationPad1d)] = One<PadBase>(Convolutions.ReplicationPad), [typeof(ReplicationPad2d)] = One<PadBase>(Convolutions.ReplicationPad),
        [typeof(ReplicationPad3d)] = One<PadBase>(Convolutions.ReplicationPad),

        [typeof(MaxPool1d)] = One<MaxPool1d>((graph, module, x) =>
            Pools.Max(graph, x, [module.kernel_size], [module.stride ?? module.kernel_size], [module.padding ?? 0], [module.dilation ?? 1], module.ceil_mode)),
        [typeof(MaxPool2d)] = One<MaxPool2d>((graph, module, x) => Pools.Max(graph, x, module.kernel_size, module.stride, module.padding, module.dilation, module.ceil_mode)),
        [typeof(AvgPool1d)] = One<AvgPool1d>((graph, module, x) =>
            Pools.Average(graph, x, [module.kernel_size], [module.stride ?? module.kernel_size], [module.padding ?? 0], module.ceil_mode, module.count_include_pad, null)),
        [typeof(AvgPool2d)] = One<AvgPool2d>((graph, module, x) =>
            Pools.Average(graph, x, module.kernel_size, module.stride, module.padding, module.ceil_mode, module.count_include_pad, module.divisor_override)),
        [typeof(AdaptiveAvgPool1d)] = One<AdaptiveAvgPool1d>((graph, module, x) => Pools.Global(graph, x, "GlobalAveragePool", module.output_size)),
        [typeof(AdaptiveAvgPool2d)] = One<AdaptiveAvgPool2d>((graph, module, x) => Pools.Global(graph, x, "GlobalAveragePool", module.output_size)),
        [typeof(AdaptiveMaxPool1d)] = One<AdaptiveMaxPool1d>((graph, module, x) => Pools.Global(graph, x, "GlobalMaxPool", module.output_size)),
        [typeof(AdaptiveMaxPool2d)] = One<AdaptiveMaxPool2d>((graph, module, x) => Pools.Global(graph, x, "GlobalMaxPool", module.output_size)),
        [typeof(PixelShuffle)] = One<PixelShuffle>((graph, module, x) =>
            graph.Node("DepthToSpace", [x], OnnxGraph.Attribute("blocksize", module.upscale_factor), OnnxGraph.Attribute("mode", "CRD"))),
        [typeof(Upsample)] = One<Upsample>(Pools.Upsample),

        [typeof(Flatten)] = One<Flatten>((graph, module, x) => Shapes.Flatten(graph, x, module.start_dim, module.end_dim)),
        [typeof(Unflatten)] = One<Unflatten>((graph, module, x) => Shapes.Unflatten(graph, x, module.dim, module.unflattened_size)),

        [typeof(LSTM)] = Recurrent.Lstm,
        [typeof(GRU)] = Recurrent.Gru,
        [typeof(RNN)] = Recurrent.Plain,
        [typeof(MultiheadAttention)] = Attentions.Multihead,
        [typeof(TransformerEncoderLayer)] = Attentions.EncoderLayer,
        [typeof(TransformerEncoder)] = Attentions.Encoder,

        [typeof(Projection)] = One<Projection>(Decoders.Projection),
        [typeof(Gpt2Model)] = One<Gpt2Model>(Decoders.Gpt2),
        [typeof(LlamaModel)] = One<LlamaModel>(Decoders.Llama),
    };

    /// <summary>Adds a module's nodes and returns the value it computes from <paramref name="input"/>.</summary>
    /// <param name="graph">Where the nodes go.</param>
    /// <param name="path">The module's path in its network, such as <c>layers.0</c>; names the weights.</param>
    /// <param name="module">The module, in evaluation mode.</param>
    /// <param name="input">Name of the input value.</param>
    /// <exception cref="DataException">A module's kind is not known; names its path.</exception>
    public static string Lower(OnnxGraph graph, string path, torch.nn.Module module, string input) => graph.LowerAll(path, module, [input])[0];

    /// <summary>The lowering of a module's kind.</summary>
    /// <exception cref="DataException">There is none; names path, type and remedies.</exception>
    public static Lowering Find(string path, torch.nn.Module module) => Known.TryGetValue(module.GetType(), out var lowering)
        ? lowering
        : throw new DataException(
            $"Cannot export {(path.Length == 0 ? "the module" : $"module '{path}'")} of type {module.GetType().Name} to ONNX: its layers cannot be seen from outside. " +
            $"Let the type implement {nameof(IOnnxExportable)} and say in {nameof(IOnnxExportable.ToOnnx)} how its forward is computed, or build it of known kinds: " +
            $"{string.Join(", ", Known.Keys.Select(type => type.Name).Order(StringComparer.Ordinal))}.");

    private static Lowering One<TModule>(Func<OnnxGraph, TModule, string, string> lower) where TModule : torch.nn.Module => (graph, module, inputs) =>
        inputs is [var input]
            ? [lower(graph, (TModule)module, input)]
            : throw graph.Refusal($"{module.GetType().Name} takes one tensor and was given {inputs.Count}", "Lower it with one input");

    private static Lowering Node(string operation) => One<torch.nn.Module>((graph, _, input) => graph.Node(operation, [input]));

    private static IReadOnlyList<string> Same(OnnxGraph graph, torch.nn.Module module, IReadOnlyList<string> inputs) => inputs;

    private static string Chain(OnnxGraph graph, Sequential module, string input)
    {
        string path = graph.Path;
        return module.named_children().Aggregate(input, (value, child) => graph.LowerAll(OnnxGraph.Join(path, child.name), child.module, [value])[0]);
    }
}
