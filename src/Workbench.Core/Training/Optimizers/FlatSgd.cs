using TorchSharp.Modules;
using Workbench.Tensors;
using static TorchSharp.torch;

namespace Workbench.Training.Optimizers;

/// <summary>SGD over one flat buffer, as PyTorch defines it: g += λ·θ; v = μ·v + g, v beginning as the first g; θ -= lr·v.</summary>
internal sealed class FlatSgd : IStepOptimizer
{
    private readonly OptimizerSettings _options;
    private readonly FlatParameters _flat;
    private readonly Tensor _velocity, _decayingGradients;
    private long _steps;

    public FlatSgd(IReadOnlyList<(string Name, Parameter Value)> parameters, OptimizerSettings options)
    {
        (_options, _flat) = (options, new(parameters, options));
        _velocity = zeros_like(_flat.Values).DetachFromDisposeScope();
        _decayingGradients = _flat.Gradients.narrow(0, 0, _flat.DecayingCount).DetachFromDisposeScope();
    }

    public OptimizerEngine Engine => OptimizerEngine.Flat;

    public void ClearGradients() => _flat.ClearGradients();

    public IReadOnlyList<Tensor> Gradients() => [_flat.Gradients];

    public void Step(double learningRate)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        if (_flat.DecayingCount > 0)
            _decayingGradients.AddInPlace(_flat.Decaying, _options.WeightDecay);
        if (_options.Momentum > 0)
            _ = _steps == 0 ? _velocity.copy_(_flat.Gradients) : _velocity.MultiplyInPlace(_options.Momentum).AddInPlace(_flat.Gradients);
        _flat.Values.AddInPlace(_options.Momentum > 0 ? _velocity : _flat.Gradients, -learningRate);
        _steps++;
    }

    public IReadOnlyList<(string, Tensor)> State() => [.. _flat.Split("velocity", _velocity), ("steps", tensor(_steps))];

    public void Load(IReadOnlyDictionary<string, Tensor> state)
    {
        using var scope = NewDisposeScope();
        foreach (var (name, target) in _flat.Split("velocity", _velocity))
            OptimizerState.Copy(state, name, target);
        using var steps = tensor(0L);
        OptimizerState.Copy(state, "steps", steps);
        _steps = steps.item<long>();
    }

    public void Dispose()
    {
        _flat.Dispose();
        _velocity.Dispose();
        _decayingGradients.Dispose();
    }
}
