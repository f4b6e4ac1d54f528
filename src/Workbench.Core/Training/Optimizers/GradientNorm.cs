using Workbench.Tensors;
using static TorchSharp.torch;

namespace Workbench.Training.Optimizers;

/// <summary>The length of all gradients together, without waiting for the device.</summary>
internal static class GradientNorm
{
    /// <summary>2-norm over all gradients, a scalar tensor in the current dispose scope; it is not finite where a gradient is not.</summary>
    public static Tensor Of(IReadOnlyList<Tensor> gradients)
    {
        using var off = no_grad();
        return gradients.Count == 1 ? gradients[0].norm() : stack(gradients.Select(gradient => gradient.norm()).ToList()).norm();
    }

    /// <summary>Scales gradients so that their norm is at most <paramref name="limit"/>: times limit / (norm + 1e-6) where that is below 1, as PyTorch does.</summary>
    public static void Clip(IReadOnlyList<Tensor> gradients, Tensor norm, double limit)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var factor = norm.Plus(1e-6).reciprocal_().MultiplyInPlace(limit).LimitInPlace(1);
        foreach (var gradient in gradients)
            gradient.mul_(factor);
    }

    /// <summary>Times a number, in place.</summary>
    public static void Scale(IReadOnlyList<Tensor> gradients, double factor)
    {
        using var off = no_grad();
        foreach (var gradient in gradients)
            gradient.MultiplyInPlace(factor);
    }
}
