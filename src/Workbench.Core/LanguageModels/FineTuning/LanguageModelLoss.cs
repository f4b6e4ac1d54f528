using Workbench.Tensors;
using Workbench.Training;
using static TorchSharp.torch;

namespace Workbench.LanguageModels.FineTuning;

/// <summary>
/// Mean negative log-likelihood (nats) of the tokens that a batch predicts. A batch holds tokens and targets, [B, T] int64
/// with -100 for what is not learned; and where rows are packed, positions and the numbers of the pieces, [B, T] int64.
/// </summary>
public static class LanguageModelLoss
{
    /// <summary>The loss of a batch of <see cref="TokenWindows"/>, a scalar in float32.</summary>
    public static Tensor Mean(CausalLanguageModel model, Batch batch) => Of(model, batch, nn.Reduction.Mean);

    /// <summary>The sum in place of the mean.</summary>
    internal static Tensor Sum(CausalLanguageModel model, Batch batch) => Of(model, batch, nn.Reduction.Sum);

    private static Tensor Of(CausalLanguageModel model, Batch batch, nn.Reduction reduction)
    {
        // Lives until the step's end, and not until this method's: a block that is computed again looks at it.
        var mask = batch.Count > 2 ? CausalLanguageModel.PackedMask(batch[3]) : null;   // [B, 1, T, T]
        using var scope = NewDisposeScope();
        var hidden = model.Hidden(batch[0], batch.Count > 2 ? batch[2] : null, mask).flatten(0, 1);   // [B·T, C]
        var targets = batch[1].flatten();                                            // [B·T]
        if (batch.Weight < targets.numel())
        {
            var places = targets.OtherThan(TokenRow.Ignored).nonzero().squeeze(1);   // [N] what is learned; the head's matrix is the largest
            (hidden, targets) = (hidden.index_select(0, places), targets.index_select(0, places));
        }
        var logits = model.Head(hidden).to_type(ScalarType.Float32);                 // [N, V]
        return nn.functional.cross_entropy(logits, targets, ignore_index: TokenRow.Ignored, reduction: reduction).MoveToOuterDisposeScope();
    }
}
