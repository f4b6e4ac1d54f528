using Workbench.Tensors;
using static TorchSharp.torch;

namespace Workbench.Training.Optimizers.Builtin;

/// <summary>
/// TorchSharp's SGD with the same bits and the same state, whose step keeps each number alive until libtorch has read it; see
/// <see cref="AdamW"/>. Without dampening, Nesterov's momentum and maximising.
/// </summary>
internal sealed class SGD(IEnumerable<TorchSharp.Modules.SGD.ParamGroup> groups, OptimizerSettings options)
    : TorchSharp.Modules.SGD(groups, options.LearningRate, options.Momentum, 0, options.WeightDecay)
{
    public override Tensor step(Func<Tensor>? closure = null) => _step<ParamGroup>(Update, closure);

    private void Update(ParamGroup group)
    {
        var (rate, momentum, decay) = (group.Options.LearningRate!.Value, group.Options.momentum!.Value, group.Options.weight_decay!.Value);   // a group that was added has all
        foreach (var parameter in group.Parameters)
        {
            if (parameter.grad is not { } gradient)
                continue;
            if (decay != 0)
                gradient = gradient.Plus(parameter, decay);
            if (momentum != 0)
            {
                var state = (State)_state[parameter.Handle];
                if (state.momentum_buffer is null)
                    state.momentum_buffer = gradient.clone().DetachFromDisposeScope();
                else
                    state.momentum_buffer.MultiplyInPlace(momentum).AddInPlace(gradient);
                gradient = state.momentum_buffer;
            }
            parameter.AddInPlace(gradient, -rate);
        }
    }
}
