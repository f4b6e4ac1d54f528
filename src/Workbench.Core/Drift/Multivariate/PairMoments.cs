using System.Numerics.Tensors;
using Workbench.Drift.Sources;

namespace Workbench.Drift.Multivariate;

/// <summary>
/// Sums over all rows from which Pearson's correlation of every pair of columns follows, over the rows where both have a
/// finite value. One pass; 48 bytes a pair. Values are shifted by their first mean, so that large ones far from 0 lose no
/// digits.
/// </summary>
internal sealed class PairMoments(int columns)
{
    private readonly double[] _shift = new double[columns];
    private readonly bool[] _hasShift = new bool[columns];
    private readonly double[][] _values = [.. Enumerable.Range(0, columns).Select(_ => Array.Empty<double>())];
    private readonly double[][] _squares = [.. Enumerable.Range(0, columns).Select(_ => Array.Empty<double>())];
    private readonly double[][] _present = [.. Enumerable.Range(0, columns).Select(_ => Array.Empty<double>())];
    private readonly bool[] _isFull = new bool[columns];
    private readonly Sums[] _pairs = new Sums[columns * (columns - 1) / 2];

    private struct Sums
    {
        public double Rows, X, Y, XX, YY, XY;
    }

    /// <summary>Columns.</summary>
    public int Columns => columns;

    /// <summary>Takes the first columns of a chunk.</summary>
    public void Add(RowChunk chunk)
    {
        for (int column = 0; column < columns; column++)
            Load(column, chunk.Numbers(column));
        int pair = 0;
        for (int i = 0; i < columns; i++)
            for (int j = i + 1; j < columns; j++)
                Add(ref _pairs[pair++], i, j, chunk.Rows);
    }

    /// <summary>Pearson's correlation of two columns and the rows behind it; null where one of them is constant.</summary>
    public (double? Correlation, long Rows) Of(int first, int second)
    {
        var (i, j) = first < second ? (first, second) : (second, first);
        var sums = _pairs[i * (2 * columns - i - 1) / 2 + j - i - 1];
        double x = sums.XX - sums.X * sums.X / sums.Rows, y = sums.YY - sums.Y * sums.Y / sums.Rows;
        // Rounding of the sums must not give a constant column a spread.
        bool isConstant = !(x > 1e-12 * sums.XX && y > 1e-12 * sums.YY);
        return (isConstant ? null : Math.Clamp((sums.XY - sums.X * sums.Y / sums.Rows) / Math.Sqrt(x * y), -1, 1), (long)sums.Rows);
    }

    private void Add(ref Sums sums, int i, int j, int rows)
    {
        ReadOnlySpan<double> x = _values[i].AsSpan(0, rows), y = _values[j].AsSpan(0, rows);
        sums.XY += TensorPrimitives.Dot(x, y);
        ReadOnlySpan<double> hasX = _present[i].AsSpan(0, rows), hasY = _present[j].AsSpan(0, rows);
        sums.Rows += _isFull[i] && _isFull[j] ? rows : TensorPrimitives.Dot(hasX, hasY);
        sums.X += _isFull[j] ? TensorPrimitives.Sum(x) : TensorPrimitives.Dot(x, hasY);
        sums.Y += _isFull[i] ? TensorPrimitives.Sum(y) : TensorPrimitives.Dot(y, hasX);
        sums.XX += _isFull[j] ? TensorPrimitives.Sum<double>(_squares[i].AsSpan(0, rows)) : TensorPrimitives.Dot(_squares[i].AsSpan(0, rows), hasY);
        sums.YY += _isFull[i] ? TensorPrimitives.Sum<double>(_squares[j].AsSpan(0, rows)) : TensorPrimitives.Dot(_squares[j].AsSpan(0, rows), hasX);
    }

    // Shifted values with 0 where there is none, their squares, and 1 where there is one.
    private void Load(int column, ReadOnlySpan<double> numbers)
    {
        if (_values[column].Length < numbers.Length)
            (_values[column], _squares[column], _present[column]) = (new double[numbers.Length], new double[numbers.Length], new double[numbers.Length]);
        SetShift(column, numbers);
        double[] values = _values[column], squares = _squares[column], present = _present[column];
        bool isFull = true;
        for (int row = 0; row < numbers.Length; row++)
        {
            bool has = double.IsFinite(numbers[row]);
            isFull &= has;
            values[row] = has ? numbers[row] - _shift[column] : 0;
            squares[row] = values[row] * values[row];
            present[row] = has ? 1 : 0;
        }
        _isFull[column] = isFull;
    }

    private void SetShift(int column, ReadOnlySpan<double> numbers)
    {
        if (_hasShift[column])
            return;
        double sum = 0;
        int count = 0;
        foreach (double number in numbers)
            if (double.IsFinite(number))
            {
                sum += number;
                count++;
            }
        if (count > 0)
            (_shift[column], _hasShift[column]) = (sum / count, true);
    }
}
