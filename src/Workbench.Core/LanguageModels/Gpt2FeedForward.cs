using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Workbench.LanguageModels;

/// <summary>Two projections with the activation between them.</summary>
internal sealed class Gpt2FeedForward : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "c_fc")]
    private readonly Projection _input;
    [ComponentName(Name = "c_proj")]
    private readonly Projection _output;
    private readonly Func<Tensor, Tensor> _activation;
    private readonly double _dropout;

    public Gpt2FeedForward(Gpt2Config config, ScalarType type, Device device) : base(nameof(Gpt2FeedForward))
    {
        _input = new(config.HiddenSize, config.FeedForwardSize, bias: true, isInputFirst: true, type, device);
        _output = new(config.FeedForwardSize, config.HiddenSize, bias: true, isInputFirst: true, type, device);
        (_activation, _dropout) = (Activations.Named(config.Activation), config.ResidualDropout);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) =>
        nn.functional.dropout(_output.call(_activation(_input.call(x))), _dropout, training);
}
