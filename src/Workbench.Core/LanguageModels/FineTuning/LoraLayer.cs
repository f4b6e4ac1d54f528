using TorchSharp.Modules;
using TorchSharp.Utils;
using Workbench.Tensors;
using static TorchSharp.torch;

namespace Workbench.LanguageModels.FineTuning;

/// <summary>What LoRA adds to one projection: scale · x Aᵀ Bᵀ. A starts random and B at zero, so that a fresh layer adds nothing.</summary>
internal sealed class LoraLayer : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "lora_A")]
    private readonly Parameter _a;
    [ComponentName(Name = "lora_B")]
    private readonly Parameter _b;
    private readonly double _scale;
    private readonly double _dropout;

    public LoraLayer(Projection projection, LoraOptions options) : base(nameof(LoraLayer))
    {
        var device = projection.Weight.device;
        _a = new(zeros(options.Rank, projection.InputSize, dtype: ScalarType.Float32, device: device));
        _b = new(zeros(projection.OutputSize, options.Rank, dtype: ScalarType.Float32, device: device));
        (_scale, _dropout) = (options.Scale, options.Dropout);
        RegisterComponents();
    }

    /// <summary>[r, in], float32 whatever the projection's type: small updates would be lost in 8 bits.</summary>
    public Parameter A => _a;

    /// <summary>[out, r].</summary>
    public Parameter B => _b;

    public bool HasDropout => _dropout > 0;

    /// <summary>Draws A as PEFT does: uniform within ±1/√in.</summary>
    public void Reset(Generator generator)
    {
        using var gradients = no_grad();
        double bound = 1 / Math.Sqrt(_a.shape[1]);
        _a.uniform_(-bound, bound, generator);
        using var zeroed = _b.zero_();
    }

    /// <summary>What the layer adds to the weight of its projection, [out, in].</summary>
    public Tensor Difference() => _b.mm(_a).Times(_scale);

    /// <summary>[.., in] to [.., out].</summary>
    public override Tensor forward(Tensor x)
    {
        var input = x.to_type(_a.dtype);
        if (_dropout > 0 && training)
            input = nn.functional.dropout(input, _dropout, training);
        var y = nn.functional.linear(nn.functional.linear(input, _a), _b).Times(_scale);   // [.., out]
        return x.dtype == _a.dtype ? y : y.to_type(x.dtype);
    }
}
