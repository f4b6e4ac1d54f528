using Workbench.Features;
using Workbench.Tensors;
using static TorchSharp.torch;

namespace Workbench.Training.Tabular;

/// <summary>What a network's outputs [B × O] cost against labels, by task: cross-entropy in nats, or squared error of standardised values.</summary>
/// <param name="Task">The task.</param>
/// <param name="ClassWeights">[C] weights of the classes, or null when all count the same.</param>
internal sealed record TabularLoss(PredictionTask Task, Tensor? ClassWeights)
{
    /// <summary>Loss of each row times its weight, and the weights, both summed.</summary>
    public (Tensor Loss, Tensor Weight) Sums(Tensor outputs, Tensor labels)
    {
        var rows = Task switch
        {
            PredictionTask.Binary => nn.functional.binary_cross_entropy_with_logits(outputs, labels, reduction: nn.Reduction.None).squeeze(1),
            PredictionTask.Multiclass => nn.functional.cross_entropy(outputs, labels, reduction: nn.Reduction.None),
            _ => nn.functional.mse_loss(outputs, labels, nn.Reduction.None).squeeze(1),
        };                                                                                       // [B]
        if (ClassWeights is null)
            return (rows.sum(), tensor((float)rows.shape[0], device: rows.device));
        var weights = ClassWeights.index_select(0, labels.reshape(-1).to(ScalarType.Int64));     // [B]
        return ((rows * weights).sum(), weights.sum());
    }

    /// <summary>Mean loss, weighted as scikit-learn and PyTorch do: over the sum of the weights.</summary>
    public Tensor Mean(Tensor outputs, Tensor labels)
    {
        var (loss, weight) = Sums(outputs, labels);
        return loss / weight;
    }

    /// <summary>Rows whose most probable class is theirs; null for a regression.</summary>
    public Tensor? Right(Tensor outputs, Tensor labels) => Task switch
    {
        PredictionTask.Binary => outputs.AtLeast(0).eq(labels.AtLeast(0.5)).sum(),
        PredictionTask.Multiclass => outputs.argmax(1).eq(labels).sum(),
        _ => null,
    };
}
