using TorchSharp.Modules;
using TorchSharp.Utils;
using Workbench.Tensors;
using static TorchSharp.torch;

namespace Workbench.LanguageModels;

/// <summary>
/// y = x W (+ b), plus what an adapter adds. The weight lies as Hugging Face stores it: [out, in] for Llama and Qwen2,
/// [in, out] for GPT-2 (<see cref="IsInputFirst"/>, PEFT's <c>fan_in_fan_out</c>).
/// </summary>
public sealed class Projection : nn.Module<Tensor, Tensor>
{
    // TorchSharp moves a module to a device through its fields and finds them by these names.
    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;
    [ComponentName(Name = "bias")]
    private readonly Parameter? _bias;
    private nn.Module<Tensor, Tensor>? _adapter;

    internal Projection(long inputs, long outputs, bool bias, bool isInputFirst, ScalarType type, Device device) : base(nameof(Projection))
    {
        (InputSize, OutputSize, IsInputFirst) = (inputs, outputs, isInputFirst);
        _weight = new(empty(isInputFirst ? [inputs, outputs] : [outputs, inputs], type, device));
        _bias = bias ? new(empty(outputs, dtype: type, device: device)) : null;
        RegisterComponents();
    }

    /// <summary>Width of x.</summary>
    public long InputSize { get; }
    /// <summary>Width of y.</summary>
    public long OutputSize { get; }
    /// <summary>Whether the weight is [in, out].</summary>
    public bool IsInputFirst { get; }
    /// <summary>[in, out] or [out, in].</summary>
    public Parameter Weight => _weight;
    /// <summary>[out], or null.</summary>
    public Parameter? Bias => _bias;

    /// <summary>
    /// Adds its own output [.., out] for x [.., in] to the projection's, as LoRA does; null adds nothing. It becomes a
    /// child module, so its parameters appear as <c>NAME.adapter.*</c>; setting another one does not dispose the old one.
    /// </summary>
    public nn.Module<Tensor, Tensor>? Adapter
    {
        get => _adapter;
        set
        {
            register_module("adapter", null!);   // null takes the old one out; TorchSharp is not annotated
            _adapter = value;
            if (value is not null)
                register_module("adapter", value);
        }
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x)
    {
        var y = nn.functional.linear(x, IsInputFirst ? _weight.t() : _weight, _bias);   // [.., out]
        return _adapter is null ? y : y.Plus(_adapter.call(x));
    }
}
