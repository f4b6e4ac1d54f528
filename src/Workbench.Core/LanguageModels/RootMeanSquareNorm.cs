using TorchSharp.Modules;
using TorchSharp.Utils;
using Workbench.Tensors;
using static TorchSharp.torch;

namespace Workbench.LanguageModels;

/// <summary>x / √(mean(x²) + ε) · w, the mean in float32 (Zhang and Sennrich 2019, https://arxiv.org/abs/1910.07467).</summary>
internal sealed class RootMeanSquareNorm : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;
    private readonly double _epsilon;

    public RootMeanSquareNorm(long width, double epsilon, ScalarType type, Device device) : base(nameof(RootMeanSquareNorm))
    {
        _weight = new(empty(width, dtype: type, device: device));
        _epsilon = epsilon;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        var exact = x.to_type(ScalarType.Float32);
        var scale = exact.Squared().mean([-1], keepdim: true).Plus(_epsilon).rsqrt();   // [B, T, 1]
        return (exact * scale).to_type(x.dtype) * _weight;
    }
}
