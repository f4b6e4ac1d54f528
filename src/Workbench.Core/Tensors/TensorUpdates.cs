using TorchSharp;
using static TorchSharp.torch;

namespace Workbench.Tensors;

/// <summary>
/// Changes of a tensor in its own memory, as optimizers and running means make them, whose numbers live until the native call has
/// returned; see <see cref="TensorArithmetic"/> for why. Each returns the tensor that it changed.
/// </summary>
public static class TensorUpdates
{
    /// <summary>Adds <paramref name="number"/> to each element.</summary>
    public static Tensor AddInPlace(this Tensor tensor, double number)
    {
        using Scalar kept = number;
        return tensor.add_(kept, TensorArithmetic.One);
    }

    /// <summary>Adds a whole <paramref name="number"/> to each element, also of an integer tensor.</summary>
    public static Tensor AddInPlace(this Tensor tensor, long number)
    {
        using Scalar kept = number;
        return tensor.add_(kept, TensorArithmetic.One);
    }

    /// <summary>Adds <paramref name="other"/>, broadcast.</summary>
    public static Tensor AddInPlace(this Tensor tensor, Tensor other) => tensor.add_(other, TensorArithmetic.One);

    /// <summary>Adds <paramref name="factor"/> · <paramref name="other"/>, broadcast.</summary>
    public static Tensor AddInPlace(this Tensor tensor, Tensor other, double factor)
    {
        using Scalar kept = factor;
        return tensor.add_(other, kept);
    }

    /// <summary>Adds <paramref name="factor"/> · <paramref name="left"/> · <paramref name="right"/>, element by element.</summary>
    public static Tensor AddProductInPlace(this Tensor tensor, Tensor left, Tensor right, double factor)
    {
        using Scalar kept = factor;
        return tensor.addcmul_(left, right, kept);
    }

    /// <summary>Adds <paramref name="factor"/> · <paramref name="numerator"/> / <paramref name="denominator"/>, element by element.</summary>
    public static Tensor AddQuotientInPlace(this Tensor tensor, Tensor numerator, Tensor denominator, double factor)
    {
        using Scalar kept = factor;
        return tensor.addcdiv_(numerator, denominator, kept);
    }

    /// <summary>Multiplies each element by <paramref name="number"/>.</summary>
    public static Tensor MultiplyInPlace(this Tensor tensor, double number)
    {
        using Scalar kept = number;
        return tensor.mul_(kept);
    }

    /// <summary>Divides each element by <paramref name="number"/>.</summary>
    public static Tensor DivideInPlace(this Tensor tensor, double number)
    {
        using Scalar kept = number;
        return tensor.div_(kept);
    }

    /// <summary>Lowers elements above <paramref name="maximum"/> to it.</summary>
    public static Tensor LimitInPlace(this Tensor tensor, double maximum)
    {
        using Scalar kept = maximum;
        return tensor.clamp_(max: kept);
    }
}
