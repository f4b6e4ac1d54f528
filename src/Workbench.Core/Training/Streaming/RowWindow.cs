using System.Numerics;
using Workbench.Data;

namespace Workbench.Training.Streaming;

/// <summary>Rows that are in memory together, a growing array a column.</summary>
internal sealed class RowWindow
{
    private readonly IReadOnlyList<TensorColumns> _tensors;
    private readonly Column[] _columns;

    public RowWindow(IReadOnlyList<TensorColumns> tensors)
    {
        _tensors = tensors;
        _columns = tensors.SelectMany(tensor => tensor.Expressions.Select(expression => new Column(expression, tensor.IsWhole))).ToArray();
    }

    public int Rows { get; private set; }

    /// <summary>Copies a chunk's rows behind those that are there.</summary>
    /// <exception cref="DataException">A whole number is NULL.</exception>
    public void Add(DuckVectors vectors)
    {
        for (int column = 0; column < _columns.Length; column++)
            _columns[column].Add(vectors, column, Rows);
        Rows += vectors.Rows;
    }

    /// <summary>A share of the batch whose rows are at <paramref name="order"/>[<paramref name="start"/> ..], as tensors' arrays.</summary>
    public BatchRows Take(long[] order, int start, BatchShare share)
    {
        int count = (int)share.Length;
        var rows = order.AsSpan(start + (int)share.First, count);
        var arrays = new List<Array>();
        int column = 0;
        foreach (var tensor in _tensors)
        {
            int width = tensor.Expressions.Count;
            Array values = tensor.IsWhole ? new long[count * width] : new float[count * width];
            for (int i = 0; i < width; i++)
                _columns[column++].Gather(rows, values, i, width);
            arrays.Add(values);
        }
        return new(arrays, share);
    }

    /// <summary>Forgets all rows but those at <paramref name="order"/>.</summary>
    public void Keep(ReadOnlySpan<long> order)
    {
        foreach (var column in _columns)
            column.Keep(order);
        Rows = order.Length;
    }

    private sealed class Column(string name, bool isWhole)
    {
        private long[] _whole = [];
        private float[] _real = [];

        public void Add(DuckVectors vectors, int index, int rows)
        {
            if (isWhole)
            {
                Grow(ref _whole, rows + vectors.Rows);
                vectors.Values<long>(index).CopyTo(_whole.AsSpan(rows));
            }
            else
            {
                Grow(ref _real, rows + vectors.Rows);
                vectors.Values<float>(index).CopyTo(_real.AsSpan(rows));
            }
            var validity = vectors.Validity(index);
            for (int word = 0; word < validity.Length; word++)
                for (ulong missing = ~validity[word]; missing != 0; missing &= missing - 1)
                    if (64 * word + BitOperations.TrailingZeroCount(missing) is var row && row < vectors.Rows)
                        SetMissing(rows + row);
        }

        public void Gather(ReadOnlySpan<long> order, Array target, int offset, int width)
        {
            if (isWhole)
                Gather(_whole, order, (long[])target, offset, width);
            else
                Gather(_real, order, (float[])target, offset, width);
        }

        public void Keep(ReadOnlySpan<long> order)
        {
            if (isWhole)
                Keep(_whole, order);
            else
                Keep(_real, order);
        }

        private void SetMissing(int row)
        {
            if (isWhole)
                throw new DataException($"'{name}' is NULL in a row, and a whole number is needed. Leave such rows out (Where = \"{name} IS NOT NULL\"), or write coalesce({name}, 0).") { Column = name };
            _real[row] = float.NaN;
        }

        private static void Gather<T>(T[] source, ReadOnlySpan<long> order, T[] target, int offset, int width)
        {
            for (int row = 0; row < order.Length; row++)
                target[row * width + offset] = source[order[row]];
        }

        private static void Keep<T>(T[] values, ReadOnlySpan<long> order)
        {
            var kept = new T[order.Length];
            Gather(values, order, kept, 0, 1);
            kept.CopyTo(values, 0);
        }

        private static void Grow<T>(ref T[] values, int needed)
        {
            if (values.Length < needed)
                Array.Resize(ref values, Math.Max(needed, 2 * values.Length));
        }
    }
}
