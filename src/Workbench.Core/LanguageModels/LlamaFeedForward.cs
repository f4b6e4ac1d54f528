using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Workbench.LanguageModels;

/// <summary>down(activation(gate(x)) · up(x)).</summary>
internal sealed class LlamaFeedForward : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "gate_proj")]
    private readonly Projection _gate;
    [ComponentName(Name = "up_proj")]
    private readonly Projection _up;
    [ComponentName(Name = "down_proj")]
    private readonly Projection _down;
    private readonly Func<Tensor, Tensor> _activation;

    public LlamaFeedForward(LlamaConfig config, ScalarType type, Device device) : base(nameof(LlamaFeedForward))
    {
        _gate = new(config.HiddenSize, config.FeedForwardSize, config.FeedForwardBias, isInputFirst: false, type, device);
        _up = new(config.HiddenSize, config.FeedForwardSize, config.FeedForwardBias, isInputFirst: false, type, device);
        _down = new(config.FeedForwardSize, config.HiddenSize, config.FeedForwardBias, isInputFirst: false, type, device);
        _activation = Activations.Named(config.Activation);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => _down.call(_activation(_gate.call(x)) * _up.call(x));
}
