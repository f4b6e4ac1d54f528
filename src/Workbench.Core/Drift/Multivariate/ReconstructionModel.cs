using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;
using Workbench.Drift.Kernels;

namespace Workbench.Drift.Multivariate;

/// <summary>
/// The main directions in which reference rows vary together. Rows whose columns no longer depend on each other as they
/// did are restored worse from them, even when no single column moved.
/// </summary>
internal sealed class ReconstructionModel
{
    private readonly RowEncoder _encoder;
    private readonly double[] _mean;
    private readonly double[][] _directions;

    private ReconstructionModel(RowEncoder encoder, double[] mean, double[][] directions) => (_encoder, _mean, _directions) = (encoder, mean, directions);

    /// <summary>Directions that are kept.</summary>
    public int Components => _directions.Length;

    /// <summary>Keeps the fewest principal components that hold more than <paramref name="varianceShare"/> of the variance of the standardised reference rows.</summary>
    public static ReconstructionModel Fit(TableSample reference, double varianceShare)
    {
        var encoder = RowEncoder.Fit(reference);
        var rows = encoder.Encode(reference);
        double[] mean = rows.Mean();
        var matrix = Matrix<double>.Build.DenseOfRowMajor(rows.Count, rows.Width, rows.Values);
        for (int column = 0; column < rows.Width; column++)
            matrix.SetColumn(column, matrix.Column(column) - mean[column]);
        var evd = matrix.TransposeThisAndMultiply(matrix).Evd(Symmetricity.Symmetric);
        int[] order = [.. Enumerable.Range(0, rows.Width).OrderByDescending(i => evd.EigenValues[i].Real)];
        double total = evd.EigenValues.Sum(value => Math.Max(0, value.Real)), held = 0;
        int kept = 0;
        while (kept < order.Length && (kept == 0 || held <= varianceShare * total))
            held += Math.Max(0, evd.EigenValues[order[kept++]].Real);
        return new(encoder, mean, [.. order.Take(kept).Select(i => evd.EigenVectors.Column(i).ToArray())]);
    }

    /// <summary>[N] the distance between each row, standardised, and what the components restore of it.</summary>
    public double[] Errors(TableSample rows)
    {
        var residuals = Residuals(rows);
        return [.. Enumerable.Range(0, residuals.Count).Select(row => TensorPrimitives.Norm(residuals.Row(row)))];
    }

    /// <summary>[D] the mean squared error of each column.</summary>
    public double[] ErrorsByColumn(TableSample rows)
    {
        var residuals = Residuals(rows);
        return residuals.Variance(new double[residuals.Width], 0);
    }

    private VectorSample Residuals(TableSample rows)
    {
        var encoded = _encoder.Encode(rows);
        var values = encoded.Values;
        for (int i = 0; i < encoded.Count; i++)
        {
            var row = values.AsSpan(i * encoded.Width, encoded.Width);
            TensorPrimitives.Subtract(row, _mean, row);
            // The directions are orthogonal, so that one after the other may be taken off.
            foreach (var direction in _directions)
                TensorPrimitives.MultiplyAdd(direction, -TensorPrimitives.Dot<double>(row, direction), row, row);
        }
        return encoded;
    }
}
