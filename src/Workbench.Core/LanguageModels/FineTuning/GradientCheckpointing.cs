using TorchSharp;
using Workbench.Training;
using static TorchSharp.torch;

namespace Workbench.LanguageModels.FineTuning;

/// <summary>
/// Gradient checkpointing (Chen et al. 2016, https://arxiv.org/abs/1604.06174), while in use: of each block only the input
/// is kept, and the backward pass computes the block again. Memory for activations falls to about one block's, for a third
/// more time; the gradients are the same.
/// </summary>
public sealed class GradientCheckpointing : IDisposable
{
    private readonly CausalLanguageModel _model;
    private readonly TrainingPrecision _precision;

    /// <summary>Begins.</summary>
    /// <param name="model">Whose blocks are computed twice.</param>
    /// <param name="precision">The precision of the training, which the second computation must have too.</param>
    /// <exception cref="InvalidOperationException">Something else runs the blocks already, or dropout on a GPU is asked for, which cannot be repeated.</exception>
    public GradientCheckpointing(CausalLanguageModel model, TrainingPrecision precision = TrainingPrecision.Float32)
    {
        if (model.BlockRunner is not null)
            throw new InvalidOperationException("Something else runs the model's blocks already (BlockRunner). Take it off first.");
        (_model, _precision) = (model, precision);
        model.BlockRunner = Run;
    }

    /// <summary>Ends it.</summary>
    public void Dispose() => _model.BlockRunner = null;

    private Tensor Run(Func<Tensor, Tensor> block, Tensor x)
    {
        if (!is_grad_enabled())
            return Plain(block, x);
        if (x.device_type != DeviceType.CPU && _model.training && HasDropout())
            throw new InvalidOperationException(
                "Gradient checkpointing with dropout on a GPU is not possible: TorchSharp cannot set a GPU's generator back, so the block would drop other units the second time. Set the dropouts of the model and adapter to 0.");
        // Of an input without a gradient (frozen embeddings) the result would need none, and the block's weights got none.
        return RecomputedBlock.apply(x.requires_grad ? x : x.detach().requires_grad_(), block, _precision, _model.training);
    }

    private bool HasDropout() => _model.Config.AttentionDropout > 0 || _model.Config is Gpt2Config { ResidualDropout: > 0 }
        || _model.Projections.Values.Any(projection => projection.Adapter is LoraLayer { HasDropout: true });

    private static Tensor Plain(Func<Tensor, Tensor> block, Tensor x)
    {
        using var scope = NewDisposeScope();
        return block(x).MoveToOuterDisposeScope();
    }
}
