using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Workbench.Training.Optimizers;

/// <summary>Makes the optimizer that options ask for.</summary>
internal static class StepOptimizer
{
    /// <summary>An optimizer of the module's trained parameters, which are on their device already.</summary>
    /// <exception cref="TrainingException">The engine that was asked for is not possible here.</exception>
    public static IStepOptimizer Create(nn.Module module, OptimizerSettings options, DistributedTrainingOptions? distributed = null)
    {
        var parameters = TrainedParameters.Of(module);
        if (distributed is not { ShardsOptimizer: true })
            return Create(parameters, options);
        options = options with { Engine = ShardedOptimizer.EngineOf(parameters, options) };   // on one rank as well, so that checkpoints fit
        return distributed.Ranks.Size > 1 ? new ShardedOptimizer(parameters, options, distributed.Ranks) : Create(parameters, options);
    }

    public static IStepOptimizer Create(IReadOnlyList<(string Name, Parameter Value)> parameters, OptimizerSettings options) =>
        options.Engine switch
        {
            OptimizerEngine.Fused => FusedAdamW.WhyNot(parameters) is { } reason
                ? throw new TrainingException($"The fused optimizer was asked for, but {reason}. Take Auto, Flat or Builtin.") : new FusedAdamW(parameters, options),
            OptimizerEngine.Flat => FlatParameters.WhyNot(parameters) is { } reason
                ? throw new TrainingException($"The flat optimizer was asked for, but {reason}. Take Auto or Builtin.") : Flat(parameters, options),
            OptimizerEngine.Auto when options.Kind == OptimizerKind.AdamW && FusedAdamW.WhyNot(parameters) is null => new FusedAdamW(parameters, options),
            _ => new BuiltinOptimizer(parameters, options),
        };

    private static IStepOptimizer Flat(IReadOnlyList<(string, Parameter)> parameters, OptimizerSettings options) =>
        options.Kind == OptimizerKind.AdamW ? new FlatAdamW(parameters, options) : new FlatSgd(parameters, options);
}
