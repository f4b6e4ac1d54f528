using TorchSharp.Modules;
using Workbench.Tensors;
using static TorchSharp.torch;

namespace Workbench.Training.Optimizers;

/// <summary>
/// AdamW (Loshchilov and Hutter 2019, algorithm 2) over one flat buffer: g gradient, m and v its decayed mean and square,
/// θ -= lr·λ·θ; θ -= lr / (1 - β1^t) · m / (√v / √(1 - β2^t) + ε).
/// </summary>
internal sealed class FlatAdamW : IStepOptimizer
{
    private readonly OptimizerSettings _options;
    private readonly FlatParameters _flat;
    private readonly Tensor _mean, _square, _denominator;
    private long _steps;

    public FlatAdamW(IReadOnlyList<(string Name, Parameter Value)> parameters, OptimizerSettings options)
    {
        (_options, _flat) = (options, new(parameters, options));
        _mean = zeros_like(_flat.Values).DetachFromDisposeScope();
        _square = zeros_like(_flat.Values).DetachFromDisposeScope();
        _denominator = zeros_like(_flat.Values).DetachFromDisposeScope();
    }

    public OptimizerEngine Engine => OptimizerEngine.Flat;

    public void ClearGradients() => _flat.ClearGradients();

    public IReadOnlyList<Tensor> Gradients() => [_flat.Gradients];

    public void Step(double learningRate)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        _steps++;
        double meanCorrection = 1 - Math.Pow(_options.Beta1, _steps), squareCorrection = 1 - Math.Pow(_options.Beta2, _steps);
        if (_flat.DecayingCount > 0)
            _flat.Decaying.MultiplyInPlace(1 - learningRate * _options.WeightDecay);
        _mean.lerp_(_flat.Gradients, 1 - _options.Beta1);
        _square.MultiplyInPlace(_options.Beta2).AddProductInPlace(_flat.Gradients, _flat.Gradients, 1 - _options.Beta2);
        _denominator.copy_(_square).sqrt_().DivideInPlace(Math.Sqrt(squareCorrection)).AddInPlace(_options.Epsilon);
        _flat.Values.AddQuotientInPlace(_mean, _denominator, -learningRate / meanCorrection);
    }

    public IReadOnlyList<(string, Tensor)> State() =>
        [.. _flat.Split("mean", _mean), .. _flat.Split("square", _square), ("steps", tensor(_steps))];

    public void Load(IReadOnlyDictionary<string, Tensor> state)
    {
        using var scope = NewDisposeScope();
        foreach (var (name, target) in _flat.Split("mean", _mean).Concat(_flat.Split("square", _square)))
            OptimizerState.Copy(state, name, target);
        using var steps = tensor(0L);
        OptimizerState.Copy(state, "steps", steps);
        _steps = steps.item<long>();
    }

    public void Dispose()
    {
        _flat.Dispose();
        _mean.Dispose();
        _square.Dispose();
        _denominator.Dispose();
    }
}
