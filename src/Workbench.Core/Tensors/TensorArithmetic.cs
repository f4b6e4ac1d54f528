using System.Runtime.CompilerServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Workbench.Tensors;

/// <summary>
/// Arithmetic of tensors and numbers that no garbage collection disturbs: the operations and the bits of TorchSharp's operators.
/// </summary>
/// <remarks>
/// TorchSharp 0.107 turns the number of <c>x * 0.5</c> into a native <see cref="Scalar"/>, takes its address, and lets go of it
/// before the native call has returned. A collection in that moment frees the number while libtorch still reads it, which fails
/// with "Expected false to be true ... toDouble", in the middle of a training, or computes with another number. <c>x + y</c> of
/// two tensors has the same fault: it passes a hidden factor 1. Here each number lives until its call has returned. In modules and
/// losses that train for long, write <c>x.Plus(y)</c> for <c>x + y</c>, <c>x.Times(0.5)</c> for <c>x * 0.5</c>, <c>(-x).Plus(1)</c>
/// for <c>1 - x</c>. What takes tensors alone is safe as it is: <c>x * y</c>, <c>x - y</c>, <c>x / y</c>, <c>-x</c>.
/// Thread-safe as the tensors are.
/// </remarks>
/// <example><code>
/// public override Tensor forward(Tensor x) => x.Plus(inner.call(x)).Times(0.5);
/// </code></example>
public static class TensorArithmetic
{
    /// <summary>What TorchSharp's <c>x + y</c> multiplies y by.</summary>
    internal static readonly Scalar One = 1;

    private static readonly Scalar Two = 2, SoftplusBeta = 1.0, SoftplusThreshold = 20.0;   // PyTorch's defaults

    /// <summary><paramref name="tensor"/> + <paramref name="other"/>, broadcast.</summary>
    public static Tensor Plus(this Tensor tensor, Tensor other) => tensor.add(other, One);

    /// <summary><paramref name="tensor"/> + <paramref name="factor"/> · <paramref name="other"/>, broadcast.</summary>
    public static Tensor Plus(this Tensor tensor, Tensor other, double factor)
    {
        using Scalar kept = factor;
        return tensor.add(other, kept);
    }

    /// <summary><paramref name="tensor"/> + <paramref name="number"/>, element by element; integers become floating.</summary>
    public static Tensor Plus(this Tensor tensor, double number)
    {
        using Scalar kept = number;
        return tensor.add(kept, One);
    }

    /// <summary><paramref name="tensor"/> + <paramref name="number"/>, element by element; the type stays.</summary>
    public static Tensor Plus(this Tensor tensor, long number)
    {
        using Scalar kept = number;
        return tensor.add(kept, One);
    }

    /// <summary><paramref name="tensor"/> - <paramref name="number"/>, element by element; integers become floating.</summary>
    public static Tensor Minus(this Tensor tensor, double number)
    {
        using Scalar kept = number;
        return tensor.sub(kept);
    }

    /// <summary><paramref name="tensor"/> - <paramref name="number"/>, element by element; the type stays.</summary>
    public static Tensor Minus(this Tensor tensor, long number)
    {
        using Scalar kept = number;
        return tensor.sub(kept);
    }

    /// <summary><paramref name="tensor"/> · <paramref name="number"/>, element by element; integers become floating.</summary>
    public static Tensor Times(this Tensor tensor, double number)
    {
        using Scalar kept = number;
        return tensor.mul(kept);
    }

    /// <summary><paramref name="tensor"/> · <paramref name="number"/>, element by element; the type stays.</summary>
    public static Tensor Times(this Tensor tensor, long number)
    {
        using Scalar kept = number;
        return tensor.mul(kept);
    }

    /// <summary><paramref name="tensor"/> / <paramref name="number"/>, element by element; integers become floating.</summary>
    public static Tensor DividedBy(this Tensor tensor, double number)
    {
        using Scalar kept = number;
        return tensor.div(kept);
    }

    /// <summary>What is left of <paramref name="tensor"/> after division by <paramref name="number"/>, with the sign of the number.</summary>
    public static Tensor Remainder(this Tensor tensor, long number)
    {
        using Scalar kept = number;
        return tensor.remainder(kept);
    }

    /// <summary><paramref name="tensor"/>², element by element.</summary>
    public static Tensor Squared(this Tensor tensor) => tensor.pow(Two);

    /// <summary>ln(1 + eˣ), element by element; x itself above 20, as PyTorch does.</summary>
    public static Tensor Softplus(this Tensor tensor) => NativeSoftplus(tensor, SoftplusBeta, SoftplusThreshold);

    /// <summary>Whether each element is <paramref name="number"/>, as booleans.</summary>
    public static Tensor EqualTo(this Tensor tensor, double number)
    {
        using Scalar kept = number;
        return tensor.eq(kept);
    }

    /// <summary>Whether each element is another than <paramref name="number"/>, as booleans.</summary>
    public static Tensor OtherThan(this Tensor tensor, long number)
    {
        using Scalar kept = number;
        return tensor.ne(kept);
    }

    /// <summary>Whether each element is <paramref name="number"/> or more, as booleans.</summary>
    public static Tensor AtLeast(this Tensor tensor, double number)
    {
        using Scalar kept = number;
        return tensor.ge(kept);
    }

    /// <summary>Whether each element is <paramref name="number"/> or less, as booleans.</summary>
    public static Tensor AtMost(this Tensor tensor, double number)
    {
        using Scalar kept = number;
        return tensor.le(kept);
    }

    /// <summary>Whether each element is more than <paramref name="number"/>, as booleans.</summary>
    public static Tensor MoreThan(this Tensor tensor, double number)
    {
        using Scalar kept = number;
        return tensor.gt(kept);
    }

    /// <summary>The one element of <paramref name="tensor"/>, whatever its type; waits for its device.</summary>
    /// <exception cref="ArgumentException">There are several elements.</exception>
    public static double ToNumber(this Tensor tensor)
    {
        using var kept = tensor.ToScalar();
        return kept.ToDouble();
    }

    /// <summary>The numbers from <paramref name="start"/> up to but not including <paramref name="end"/>, in one dimension.</summary>
    /// <param name="start">The first.</param>
    /// <param name="end">None reaches it.</param>
    /// <param name="type">Type of the elements.</param>
    /// <param name="device">Where they lie; null is the CPU.</param>
    /// <param name="step">From one to the next; default 1.</param>
    public static Tensor Range(long start, long end, ScalarType type = ScalarType.Int64, Device? device = null, long step = 1)
    {
        using Scalar first = start, last = end, difference = step;
        return arange(first, last, difference, type, device);
    }

    // The public method takes two doubles and makes short-lived numbers of them for this one.
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "softplus1")]
    private static extern Tensor NativeSoftplus(Tensor tensor, Scalar beta, Scalar threshold);
}
