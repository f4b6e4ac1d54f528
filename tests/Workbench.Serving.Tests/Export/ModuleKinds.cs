using TorchSharp;
using Workbench.Distributed;
using Workbench.Serving.Export;
using static TorchSharp.torch;

namespace Workbench.Serving.Tests.Export;

/// <summary>A module of each kind that can be exported, with settings drawn at random, and what to feed it.</summary>
internal static class ModuleKinds
{
    /// <summary>A module and its inputs.</summary>
    public sealed record Case(nn.Module Module, IReadOnlyList<OnnxInput> Inputs)
    {
        public IReadOnlyDictionary<string, IReadOnlyList<long>> Sizes { get; init; } = new Dictionary<string, IReadOnlyList<long>>();
        public int MinOpset { get; init; } = 13;
    }

    private static readonly Dictionary<string, IReadOnlyList<long>> Longer = new() { ["time"] = [9, 12, 20] };

    public static readonly IReadOnlyDictionary<string, Func<Random, Case>> All = new Dictionary<string, Func<Random, Case>>
    {
        ["Linear"] = random => new(nn.Linear(6, 5, Coin(random)), [Float(6)]),
        ["Linear of sequences"] = random => new(nn.Linear(6, 5, Coin(random)), [Float("time", 6)]),
        ["Bilinear"] = random => new(nn.Bilinear(4, 3, 5, Coin(random)), [Float(4), new("y", OnnxType.Float, "batch", 3)]),
        ["Embedding"] = random => new(nn.Embedding(11, 4), [Ids(11, "time")]),
        ["EmbeddingBag sum"] = random => new(nn.EmbeddingBag(11, 4, mode: EmbeddingBagMode.Sum, padding_index: random.Next(-1, 11)), [Ids(11, "time")]),
        ["EmbeddingBag mean"] = random => new(nn.EmbeddingBag(11, 4, mode: EmbeddingBagMode.Mean, padding_index: random.Next(-1, 11)), [Ids(11, "time")]),
        ["EmbeddingBag max"] = _ => new(nn.EmbeddingBag(11, 4, mode: EmbeddingBagMode.Max), [Ids(11, "time")]),
        ["EmbeddingBag with offsets"] = random => new(
            nn.EmbeddingBag(11, 4, mode: Coin(random) ? EmbeddingBagMode.Sum : EmbeddingBagMode.Mean, include_last_offset: false, padding_index: random.Next(-1, 11)), [List(11), Offsets(last: false)]),
        ["EmbeddingBag with the last offset"] = random => new(
            nn.EmbeddingBag(11, 4, mode: Coin(random) ? EmbeddingBagMode.Sum : EmbeddingBagMode.Mean, include_last_offset: true), [new("ids", OnnxType.Int64, 13) { High = 11 }, Offsets(last: true)]) { Sizes = new Dictionary<string, IReadOnlyList<long>> { ["batch"] = [2, 3, 8] } },

        ["LayerNorm"] = random => new(Randomised(nn.LayerNorm(6, elementwise_affine: Coin(random)), random), [Float("time", 6)]),
        ["LayerNorm of two dimensions"] = random => new(Randomised(nn.LayerNorm([5, 6], eps: 1e-3), random), [Float(5, 6)]),
        ["GroupNorm"] = random => new(Randomised(nn.GroupNorm(2, 6, affine: Coin(random)), random), [Float(6, "time")]) { Sizes = Longer },
        ["BatchNorm1d"] = random => new(Randomised(nn.BatchNorm1d(6, affine: Coin(random)), random), [Float(6)]),
        ["BatchNorm1d of sequences"] = random => new(Randomised(nn.BatchNorm1d(6), random), [Float(6, "time")]),
        ["BatchNorm2d"] = random => new(Randomised(nn.BatchNorm2d(3), random), [Float(3, "height", 4)]),
        ["BatchNorm3d"] = random => new(Randomised(nn.BatchNorm3d(3), random), [Float(3, 2, 4, 3)]),
        ["SyncBatchNorm"] = random => new(Randomised(new SyncBatchNorm(3, epsilon: 1e-3, affine: Coin(random)), random), [Float(3, "height", 4)]),
        ["InstanceNorm1d"] = random => new(Randomised(nn.InstanceNorm1d(3, affine: Coin(random)), random), [Float(3, "time")]) { Sizes = Longer },
        ["InstanceNorm2d"] = random => new(Randomised(nn.InstanceNorm2d(3, affine: Coin(random), track_running_stats: Coin(random)), random), [Float(3, 5, 4)]),
        ["LocalResponseNorm"] = _ => new(nn.LocalResponseNorm(3, 0.01, 0.7, 1.5), [Float(6, 5, 4)]),

        ["ReLU"] = _ => Elementwise(nn.ReLU()), ["ReLU6"] = _ => Elementwise(nn.ReLU6()), ["Sigmoid"] = _ => Elementwise(nn.Sigmoid()), ["Tanh"] = _ => Elementwise(nn.Tanh()),
        ["LeakyReLU in place"] = _ => Elementwise(nn.LeakyReLU(0.3, inplace: true)), ["LeakyReLU"] = random => Elementwise(nn.LeakyReLU(random.NextDouble())), ["RReLU"] = _ => Elementwise(nn.RReLU(0.1, 0.4)),
        ["PReLU"] = random => new(Randomised(nn.PReLU(4), random), [Float(4, 5)]), ["PReLU with one slope"] = _ => Elementwise(nn.PReLU(1, 0.3)),
        ["ELU"] = random => Elementwise(nn.ELU(0.5 + random.NextDouble())), ["CELU"] = random => Elementwise(nn.CELU(0.5 + random.NextDouble())), ["SELU"] = _ => Elementwise(nn.SELU()),
        ["GELU"] = _ => Elementwise(nn.GELU()), ["GELU by tanh"] = _ => Elementwise(nn.GELU(TorchSharp.Modules.GELU.Approximate.tanh)),
        ["SiLU"] = _ => Elementwise(nn.SiLU()), ["Mish"] = _ => Elementwise(nn.Mish()), ["Softplus"] = random => Elementwise(nn.Softplus(0.5 + random.NextDouble(), random.Next(1, 20))),
        ["Softsign"] = _ => Elementwise(nn.Softsign()), ["LogSigmoid"] = _ => Elementwise(nn.LogSigmoid()), ["Hardtanh"] = _ => Elementwise(nn.Hardtanh(-0.5, 1.5, inplace: true)),
        ["Hardsigmoid"] = _ => Elementwise(nn.Hardsigmoid()), ["Hardswish"] = _ => Elementwise(nn.Hardswish()), ["Hardshrink"] = _ => Elementwise(nn.Hardshrink(0.7)),
        ["Softshrink"] = _ => Elementwise(nn.Softshrink(0.7)), ["Tanhshrink"] = _ => Elementwise(nn.Tanhshrink()), ["Threshold"] = _ => Elementwise(nn.Threshold(0.4, -2)),
        ["GLU"] = _ => new(nn.GLU(1), [Float(6, 3)]), ["Softmax"] = random => new(nn.Softmax(Coin(random) ? -1 : 1), [Float(6, 3)]), ["Softmin"] = _ => new(nn.Softmin(1), [Float(6, 3)]),
        ["LogSoftmax"] = _ => new(nn.LogSoftmax(-1), [Float(6)]), ["Softmax2d"] = _ => new(nn.Softmax2d(), [Float(3, 2, 4)]),
        ["Dropout"] = _ => Elementwise(nn.Sequential(nn.Dropout(0.5), nn.Dropout1d(), nn.AlphaDropout(0.2))), ["Identity"] = _ => Elementwise(nn.Identity()),

        ["Conv1d"] = random => new(nn.Conv1d(4, 6, 3, stride: random.Next(1, 3), padding: random.Next(0, 3), dilation: random.Next(1, 3), groups: Coin(random) ? 2 : 1, bias: Coin(random)), [Float(4, "time")]) { Sizes = Longer },
        ["Conv1d of the same size"] = _ => new(nn.Conv1d(4, 6, 4, Padding.Same), [Float(4, "time")]) { Sizes = Longer },
        ["Conv1d reflecting"] = _ => new(nn.Conv1d(4, 6, 3, padding: 1, padding_mode: PaddingModes.Reflect), [Float(4, "time")]) { Sizes = Longer },
        ["Conv1d circular"] = _ => new(nn.Conv1d(4, 6, 3, padding: 1, padding_mode: PaddingModes.Circular), [Float(4, "time")]) { Sizes = Longer, MinOpset = 19 },
        ["Conv2d"] = random => new(nn.Conv2d(2, 3, (3, 2), stride: (random.Next(1, 3), 2), padding: (1, 0), dilation: (1, random.Next(1, 3)), bias: Coin(random)), [Float(2, 7, 8)]),
        ["Conv2d replicating"] = _ => new(nn.Conv2d(2, 3, (3, 3), padding: (1, 2), padding_mode: PaddingModes.Replicate), [Float(2, 7, 8)]),
        ["Conv3d"] = _ => new(nn.Conv3d(2, 3, 2), [Float(2, 3, 4, 5)]),
        ["ConvTranspose1d"] = random => new(nn.ConvTranspose1d(4, 6, 3, stride: 2, padding: random.Next(0, 2), output_padding: 1, bias: Coin(random)), [Float(4, "time")]) { Sizes = Longer },
        ["ConvTranspose2d"] = _ => new(nn.ConvTranspose2d(2, 4, 3, stride: 2, padding: 1, groups: 2), [Float(2, 5, 4)]),
        ["Pads"] = _ => new(nn.Sequential(nn.ConstantPad2d((1, 2, 0, 3), 0.5), nn.ZeroPad2d((1, 0, 2, 0)), nn.ReflectionPad2d((1, 2, 1, 0)), nn.ReplicationPad2d((0, 1, 2, 3))), [Float(2, 5, 4)]),
        ["MaxPool1d"] = random => new(nn.MaxPool1d(3, stride: random.Next(1, 4), padding: random.Next(0, 2)), [Float(4, "time")]) { Sizes = Longer },
        ["MaxPool2d"] = random => new(nn.MaxPool2d((3, 2), stride: (2, 1), dilation: (1, random.Next(1, 3))), [Float(2, 9, 8)]),
        ["AvgPool1d"] = random => new(nn.AvgPool1d(3, stride: 2, padding: 1, count_include_pad: Coin(random)), [Float(4, "time")]) { Sizes = Longer },
        ["AvgPool2d"] = random => new(nn.AvgPool2d((2, 3), divisor_override: Coin(random) ? 5 : null), [Float(2, 9, 8)]),
        ["AdaptiveAvgPool1d"] = _ => new(nn.AdaptiveAvgPool1d(1), [Float(4, "time")]), ["AdaptiveAvgPool2d"] = _ => new(nn.AdaptiveAvgPool2d([1, 1]), [Float(4, "height", "width")]),
        ["AdaptiveMaxPool2d"] = _ => new(nn.AdaptiveMaxPool2d([1, 1]), [Float(4, 3, 5)]),
        ["PixelShuffle"] = _ => new(nn.PixelShuffle(2), [Float(8, 3, 5)]),
        ["Upsample nearest"] = _ => new(nn.Upsample(scale_factor: [2, 3]), [Float(2, 3, 5)]), ["Upsample to a size"] = _ => new(nn.Upsample(size: [7, 9]), [Float(2, 3, 5)]),
        ["Upsample bilinear"] = random => new(nn.Upsample(scale_factor: [2, 2], mode: torch.UpsampleMode.Bilinear, align_corners: Coin(random)), [Float(2, 3, 5)]),

        ["Flatten"] = _ => new(nn.Flatten(), [Float(4, 3, 2)]), ["Flatten in the middle"] = _ => new(nn.Flatten(1, 2), [Float(4, 3, "time")]),
        ["Unflatten"] = _ => new(nn.Unflatten(1, [2, 3]), [Float(6, "time")]),

        ["LSTM"] = random => Recurrent(nn.LSTM(5, 4, random.Next(1, 4), bias: Coin(random), batchFirst: false, bidirectional: Coin(random)), batchFirst: false),
        ["LSTM batch first"] = random => Recurrent(nn.LSTM(5, 4, random.Next(1, 4), batchFirst: true, bidirectional: Coin(random)), batchFirst: true),
        ["LSTM from states"] = _ => new(nn.LSTM(5, 4, 2, batchFirst: true, bidirectional: true),
            [Float("time", 5), new("h", OnnxType.Float, 4, "batch", 4), new("c", OnnxType.Float, 4, "batch", 4)]),
        ["GRU"] = random => Recurrent(nn.GRU(5, 4, random.Next(1, 4), bias: Coin(random), bidirectional: Coin(random)), batchFirst: false),
        ["GRU batch first"] = random => Recurrent(nn.GRU(5, 4, 2, batchFirst: true, bidirectional: Coin(random)), batchFirst: true),
        ["GRU from a state"] = _ => new(nn.GRU(5, 4, 2, batchFirst: true), [Float("time", 5), new("h", OnnxType.Float, 2, "batch", 4)]),
        ["RNN"] = random => Recurrent(nn.RNN(5, 4, random.Next(1, 3), Coin(random) ? nn.NonLinearities.ReLU : nn.NonLinearities.Tanh, bias: Coin(random), bidirectional: Coin(random)), batchFirst: false),

        ["MultiheadAttention"] = random => new(nn.MultiheadAttention(12, new[] { 1, 2, 3, 4, 6, 12 }[random.Next(6)], bias: Coin(random)), [Time("query", 12), Other("key", 12), Other("value", 12)]),
        ["MultiheadAttention of other widths"] = _ => new(nn.MultiheadAttention(12, 3, kdim: 5, vdim: 5), [Time("query", 12), Other("key", 5), Other("value", 5)]),
        ["MultiheadAttention with padding"] = _ => new(nn.MultiheadAttention(8, 2), [Time("query", 8), Time("key", 8), Time("value", 8), Hidden]),
        ["TransformerEncoderLayer"] = random => new(nn.TransformerEncoderLayer(12, new[] { 1, 2, 3, 4, 6 }[random.Next(5)], 20, 0.1, Coin(random) ? nn.Activations.GELU : nn.Activations.ReLU), [Time("x", 12)]),
        ["TransformerEncoder"] = random => new(
            nn.TransformerEncoder(nn.TransformerEncoderLayer(12, 3, 20, 0.1, Coin(random) ? nn.Activations.GELU : nn.Activations.ReLU), random.Next(1, 4)), [Time("x", 12)]),
        ["TransformerEncoder with masks"] = _ => new(nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 12), 2), [Time("x", 8), new("mask", OnnxType.Float, "time", "time"), Hidden]),
    };

    // At least the first position of each row is to be seen.
    private static OnnxInput Hidden => new("padding", OnnxType.Bool, "batch", "time")
    {
        Sample = (shape, random) => tensor(Enumerable.Range(0, (int)(shape[0] * shape[1])).Select(index => index % shape[1] != 0 && random.Next(2) == 0).ToArray(), shape),
    };

    private static bool Coin(Random random) => random.Next(2) == 1;

    private static OnnxInput Float(params OnnxDimension[] shape) => new("x", OnnxType.Float, ["batch", .. shape]);

    private static OnnxInput Time(string name, long width) => new(name, OnnxType.Float, "time", "batch", width);

    private static OnnxInput Other(string name, long width) => new(name, OnnxType.Float, "memory", "batch", width);

    private static OnnxInput Ids(int vocabulary, OnnxDimension time) => new("ids", OnnxType.Int64, "batch", time) { High = vocabulary };

    private static OnnxInput List(int vocabulary) => new("ids", OnnxType.Int64, "words") { High = vocabulary };

    // Ascending from zero, to the end where it is included; equal ones make empty bags.
    private static OnnxInput Offsets(bool last) => new("offsets", OnnxType.Int64, "batch")
    {
        Sample = (shape, random) => tensor(Enumerable.Range(0, (int)shape[0]).Select(index => index == 0 ? 0 : last && index == shape[0] - 1 ? 13L : random.Next(last ? 13 : 2)).Order().ToArray(), shape),
    };

    private static Case Elementwise(nn.Module module) => new(module, [Float(5, "time")]);

    private static Case Recurrent(nn.Module module, bool batchFirst) => new(module, [batchFirst ? Float("time", 5) : Time("x", 5)]);

    /// <summary>The same weights whenever a test runs, from -scale to scale.</summary>
    public static TModule Drawn<TModule>(TModule module, double scale) where TModule : nn.Module
    {
        var random = new Random(11);
        using var gradients = no_grad();
        foreach (var (_, values) in module.state_dict())
            using (var drawn = tensor(Enumerable.Range(0, (int)values.numel()).Select(_ => (float)(scale * (2 * random.NextDouble() - 1))).ToArray(), values.shape))
                values.copy_(drawn);
        return module;
    }

    /// <summary>Weights and statistics as after some training, not the ones and zeros of the beginning.</summary>
    private static nn.Module Randomised(nn.Module module, Random random)
    {
        using var gradients = no_grad();
        foreach (var (name, values) in module.state_dict())
            if (values.is_floating_point())
                using (var drawn = tensor(Enumerable.Range(0, (int)values.numel()).Select(_ => (float)(0.5 + random.NextDouble())).ToArray(), values.shape))
                    values.copy_(drawn);
        return module;
    }
}
