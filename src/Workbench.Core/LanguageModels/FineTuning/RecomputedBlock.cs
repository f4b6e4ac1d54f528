using Workbench.Training;
using Workbench.Training.Native;
using static TorchSharp.torch;

namespace Workbench.LanguageModels.FineTuning;

/// <summary>
/// y = block(x) that keeps nothing but x. The backward pass computes the block once more, with the same random numbers and
/// precision, and differentiates that: its weights' gradients are added up as they would have been.
/// </summary>
internal sealed class RecomputedBlock : autograd.SingleTensorFunction<RecomputedBlock>
{
    private const string Block = "block", Precision = "precision", RandomState = "random";

    // The engine has taken its own hold of it when the next block comes. On a GPU the engine's thread has no dispose scope.
    [ThreadStatic]
    private static Tensor? _given;

    public override string Name => nameof(RecomputedBlock);

    /// <summary>Takes x, the block, the precision, and whether the block may draw random numbers.</summary>
    public override Tensor forward(autograd.AutogradContext context, params object[] values)
    {
        var x = (Tensor)values[0];
        var block = (Func<Tensor, Tensor>)values[1];
        context.save_for_backward([x]);
        context.save_data(Block, block);
        context.save_data(Precision, values[2]);
        context.save_data(RandomState, (bool)values[3] ? TakeRandomState() : []);
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        return block(x).MoveToOuterDisposeScope();
    }

    public override List<Tensor> backward(autograd.AutogradContext context, Tensor gradient)
    {
        using var scope = NewDisposeScope();
        using var gradients = enable_grad();
        var x = context.get_saved_variables()[0].detach().requires_grad_();
        var y = Recompute(context, x);
        y.backward([gradient]);
        _given?.Dispose();
        _given = x.grad!.DetachFromDisposeScope();   // the block depends on x
        return [_given, null!, null!, null!];        // what is no tensor has no gradient
    }

    private static Tensor Recompute(autograd.AutogradContext context, Tensor x)
    {
        var block = (Func<Tensor, Tensor>)context.get_data(Block);
        byte[] then = (byte[])context.get_data(RandomState);
        byte[] now = then.Length > 0 ? TakeRandomState() : [];
        try
        {
            PutRandomState(then);
            using (Autocast.Begin(x.device_type, (TrainingPrecision)context.get_data(Precision)))
                return block(x);
        }
        finally
        {
            PutRandomState(now);
        }
    }

    private static byte[] TakeRandomState()
    {
        using var state = get_rng_state();
        return state.bytes.ToArray();
    }

    private static void PutRandomState(byte[] bytes)
    {
        if (bytes.Length == 0)
            return;
        using var state = tensor(bytes);
        set_rng_state(state);
    }
}
