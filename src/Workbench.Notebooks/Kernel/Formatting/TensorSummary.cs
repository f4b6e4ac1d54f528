using System.Globalization;
using TorchSharp;
using Workbench.Tensors;
using static TorchSharp.torch;

namespace Workbench.Notebooks.Kernel.Formatting;

/// <summary>Minimum, maximum, mean and standard deviation of a tensor, in pieces, on the tensor's own device.</summary>
internal static class TensorSummary
{
    private const long PieceElements = 4_000_000;

    public static bool CanRead(ScalarType type) => type is ScalarType.Byte or ScalarType.Int8 or ScalarType.Int16 or ScalarType.Int32 or ScalarType.Int64
        or ScalarType.Bool or ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64;

    /// <summary>The type in which values are read: exact for integers.</summary>
    public static ScalarType Wide(ScalarType type) =>
        type is ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Int64;

    /// <summary>Figures over the finite values; NaN and infinities are counted beside them. std divides by n - 1.</summary>
    public static IEnumerable<(string Name, string Value)> Of(Tensor tensor)
    {
        if (tensor.dtype == ScalarType.Bool)
            return [("true", Count(tensor.count_nonzero().item<long>())), ("of", Count(tensor.numel()))];
        var (count, mean, squares, nans) = (0L, 0d, 0d, 0L);
        var (minimum, maximum) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var piece in Pieces(tensor))
        {
            using var scope = NewDisposeScope();
            var values = piece.to(tensor.device_type == DeviceType.MPS ? ScalarType.Float32 : ScalarType.Float64);
            nans += values.isnan().sum().item<long>();
            var finite = values.isfinite();
            long added = finite.sum().item<long>();
            if (added == 0)
                continue;
            double pieceMean = Item(where(finite, values, 0d).sum()) / added;
            double pieceSquares = Item(where(finite, values.Minus(pieceMean), 0d).Squared().sum());
            // Chan, Golub, LeVeque 1979: merging the moments of two parts.
            double difference = pieceMean - mean;
            squares += pieceSquares + difference * difference * count * added / (count + added);
            mean += difference * added / (count + added);
            count += added;
            minimum = Math.Min(minimum, Item(where(finite, values, double.PositiveInfinity).min()));
            maximum = Math.Max(maximum, Item(where(finite, values, double.NegativeInfinity).max()));
        }
        var figures = new List<(string, string)>();
        if (count > 0)
            figures.AddRange([("min", ValueText.Number(minimum)), ("max", ValueText.Number(maximum)), ("mean", ValueText.Number(mean)), ("std", ValueText.Number(count > 1 ? Math.Sqrt(squares / (count - 1)) : 0))]);
        if (Wide(tensor.dtype) == ScalarType.Float64)
            figures.Add(("NaN", Count(nans)));
        if (tensor.numel() - count - nans is > 0 and var infinite)
            figures.Add(("infinite", Count(infinite)));
        return figures;
    }

    // Slices along the first axis are views; only a piece of a tensor that does not lie in one block is copied, on its device.
    private static IEnumerable<Tensor> Pieces(Tensor tensor)
    {
        if (tensor.dim() == 0 || tensor.numel() <= PieceElements)
        {
            yield return tensor.reshape(-1);
            yield break;
        }
        long step = Math.Max(1, PieceElements / Math.Max(1, tensor.numel() / tensor.shape[0]));
        for (long start = 0; start < tensor.shape[0]; start += step)
            yield return tensor.narrow(0, start, Math.Min(step, tensor.shape[0] - start)).reshape(-1);
    }

    private static double Item(Tensor scalar) => scalar.to(ScalarType.Float64).item<double>();

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
