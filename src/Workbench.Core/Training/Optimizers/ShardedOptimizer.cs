using TorchSharp.Modules;
using Workbench.Distributed;
using static TorchSharp.torch;

namespace Workbench.Training.Optimizers;

/// <summary>
/// ZeRO stage 1: each rank owns some whole parameters, keeps the optimizer's state of those only, steps them, and gives the
/// others what came out. All ranks do everything here together. The state is that of one optimizer of all parameters.
/// </summary>
internal sealed class ShardedOptimizer : IStepOptimizer
{
    private readonly IReadOnlyList<(string Name, Parameter Value)> _parameters;
    private readonly IReadOnlyList<IReadOnlyList<Tensor>> _owned;
    private readonly ICollective _ranks;
    private readonly IStepOptimizer? _own;

    /// <param name="parameters">All of them.</param>
    /// <param name="options">With the engine of <see cref="EngineOf"/>.</param>
    /// <param name="ranks">Who shares the work.</param>
    public ShardedOptimizer(IReadOnlyList<(string Name, Parameter Value)> parameters, OptimizerSettings options, ICollective ranks)
    {
        (_parameters, _ranks, Engine) = (parameters, ranks, options.Engine);
        var parts = Parts(parameters, ranks.Size);
        _owned = parts.Select(part => (IReadOnlyList<Tensor>)part.Select(parameter => (Tensor)parameter.Value).ToList()).ToList();
        _own = parts[ranks.Rank].Count > 0 ? StepOptimizer.Create(parts[ranks.Rank], options) : null;
    }

    public OptimizerEngine Engine { get; }

    /// <summary>The engine that all ranks take, decided by all parameters.</summary>
    /// <exception cref="TrainingException">It would not say which state belongs to which parameter.</exception>
    public static OptimizerEngine EngineOf(IReadOnlyList<(string Name, Parameter Value)> parameters, OptimizerSettings options)
    {
        if (options.Engine is OptimizerEngine.Fused or OptimizerEngine.Flat)
            return options.Engine;
        if (options.Engine == OptimizerEngine.Auto && options.Kind == OptimizerKind.AdamW && FusedAdamW.WhyNot(parameters) is null)
            return OptimizerEngine.Fused;
        if (options.Engine == OptimizerEngine.Auto && FlatParameters.WhyNot(parameters) is null)
            return OptimizerEngine.Flat;
        throw new TrainingException(
            $"A sharded optimizer was asked for, and the engine would be {OptimizerEngine.Builtin}, whose state cannot be cut by parameter. Take {nameof(OptimizerSettings.Engine)} = {OptimizerEngine.Flat}, with parameters of one type on one device.");
    }

    public void ClearGradients()
    {
        for (int owner = 0; owner < _owned.Count; owner++)
            if (owner != _ranks.Rank)
                foreach (var parameter in _owned[owner])
                    parameter.grad = null;
        _own?.ClearGradients();
    }

    public IReadOnlyList<Tensor> Gradients() => _parameters.Select(parameter => parameter.Value.grad).OfType<Tensor>().ToList();

    public void Step(double learningRate)
    {
        _own?.Step(learningRate);
        for (int owner = 0; owner < _ranks.Size; owner++)
            TensorExchange.BroadcastInto(_owned[owner], _ranks, owner);
    }

    public IReadOnlyList<(string Name, Tensor Value)> State() =>
        Enumerable.Range(0, _ranks.Size)
            .SelectMany(owner => TensorExchange.Broadcast(owner == _ranks.Rank ? _own?.State() ?? [] : null, _ranks, owner))
            .DistinctBy(value => value.Name)   // a count of steps is everybody's
            .ToList();

    public void Load(IReadOnlyDictionary<string, Tensor> state) => _own?.Load(state);

    public void Dispose() => _own?.Dispose();

    // The largest first, each to who has least: the same on all ranks.
    private static List<(string Name, Parameter Value)>[] Parts(IReadOnlyList<(string Name, Parameter Value)> parameters, int count)
    {
        var parts = Enumerable.Range(0, count).Select(_ => new List<(string, Parameter)>()).ToArray();
        long[] sizes = new long[count];
        foreach (var parameter in parameters.OrderByDescending(parameter => parameter.Value.numel()))
        {
            int least = Array.IndexOf(sizes, sizes.Min());
            parts[least].Add(parameter);
            sizes[least] += parameter.Value.numel();
        }
        return parts;
    }
}
