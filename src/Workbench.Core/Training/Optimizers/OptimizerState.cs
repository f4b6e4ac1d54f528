using Workbench.Data;
using static TorchSharp.torch;

namespace Workbench.Training.Optimizers;

/// <summary>Puts saved tensors back where an optimizer keeps them.</summary>
internal static class OptimizerState
{
    public static void Copy(IReadOnlyDictionary<string, Tensor> saved, string name, Tensor target)
    {
        if (!saved.TryGetValue(name, out var value))
            throw new DataException($"The checkpoint lacks the optimizer's '{name}'. Resume with the optimizer and the parameters that it was written with.");
        if (!value.shape.SequenceEqual(target.shape))
            throw new DataException($"The optimizer's '{name}' in the checkpoint has the shape [{string.Join(", ", value.shape)}]; [{string.Join(", ", target.shape)}] is needed.");
        using var gradients = no_grad();
        target.copy_(value);
    }
}
