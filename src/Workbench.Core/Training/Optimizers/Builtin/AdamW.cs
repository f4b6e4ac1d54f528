using Workbench.Tensors;
using static TorchSharp.torch;

namespace Workbench.Training.Optimizers.Builtin;

/// <summary>
/// TorchSharp's AdamW with the same bits and the same state, whose step keeps each number alive until libtorch has read it; its
/// own step makes numbers for each parameter that a garbage collection may take away. Without AMSGrad and maximising. The name is
/// TorchSharp's, because it stands in checkpoints.
/// </summary>
internal sealed class AdamW(IEnumerable<TorchSharp.Modules.AdamW.ParamGroup> groups, OptimizerSettings options)
    : TorchSharp.Modules.AdamW(groups, options.LearningRate, options.Beta1, options.Beta2, options.Epsilon, options.WeightDecay)
{
    public override Tensor step(Func<Tensor>? closure = null) => _step<ParamGroup>(Update, closure);

    private void Update(ParamGroup group)
    {
        var (beta1, beta2, epsilon) = (group.Options.beta1!.Value, group.Options.beta2!.Value, group.Options.eps!.Value);   // a group that was added has all
        var (rate, decay) = (group.Options.LearningRate!.Value, group.Options.weight_decay!.Value);
        foreach (var parameter in group.Parameters)
        {
            if (parameter.grad is not { } gradient)
                continue;
            var state = (State)_state[parameter.Handle];
            state.step++;
            parameter.MultiplyInPlace(1 - rate * decay);
            state.exp_avg.MultiplyInPlace(beta1).AddInPlace(gradient, 1 - beta1);
            state.exp_avg_sq.MultiplyInPlace(beta2).AddProductInPlace(gradient, gradient, 1 - beta2);
            double meanCorrection = 1 - Math.Pow(beta1, state.step), squareCorrection = 1 - Math.Pow(beta2, state.step);
            var denominator = state.exp_avg_sq.sqrt().DividedBy(Math.Sqrt(squareCorrection)).AddInPlace(epsilon);
            parameter.AddQuotientInPlace(state.exp_avg, denominator, -(rate / meanCorrection));
        }
    }
}
