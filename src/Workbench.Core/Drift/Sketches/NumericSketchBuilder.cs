using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using Workbench.Drift.Numeric;

namespace Workbench.Drift.Sketches;

/// <summary>
/// Counts a column's values into bins as they come, in one pass: each distinct value by itself as long as these are few, and in
/// ranges of values after that. For one thread at a time, and for one column: its memory goes on to the next one's builder.
/// </summary>
internal sealed class NumericSketchBuilder
{
    private const int Chunk = 2048;
    private const int Batch = 8 * Chunk;
    private const ulong Exponent = 0x7FF0_0000_0000_0000;

    // Finite values. Columns come side by side, a chunk of each in turn: values wait until a bin is met several times while it is
    // in the processor's cache.
    private double[] _waiting = ArrayPool<double>.Shared.Rent(Batch);
    private int _waitingCount;
    private ValueTable? _values = new(BinTable.MaxUsed);
    private BinTable? _bins; // in place of _values
    // While it is true, no moments are kept of the values in _values: the table gives them.
    private bool _owesMoments = true;
    private long _nulls, _notFinite;
    private MergeableMoments _moments;

    /// <summary>Adds a chunk; bit i of <paramref name="validity"/> is 0 where value i is NULL, and an empty one means no NULL.</summary>
    public void Add(ReadOnlySpan<double> values, ReadOnlySpan<ulong> validity)
    {
        for (int start = 0; start < values.Length; start += Chunk) // a multiple of 64: the bits of each part begin a word
        {
            if (_waitingCount > Batch - Chunk)
                CountWaiting();
            Wait(values.Slice(start, Math.Min(Chunk, values.Length - start)), validity.IsEmpty ? validity : validity[(start / 64)..]);
        }
    }

    /// <summary>Adds a sketch of other rows.</summary>
    public void Add(NumericSketch other)
    {
        foreach (var bin in other.Bins)
            Add(other.Shift, bin);
        Add(other.Moments, other.Nulls, other.NotFinite);
    }

    /// <summary>Adds values that were counted elsewhere, in one bin at <paramref name="shift"/>; <see cref="Add(MergeableMoments, long, long)"/> adds what is not in bins.</summary>
    public void Add(int shift, SketchBin bin)
    {
        CountWaiting();
        if (_owesMoments && _values is { } values)
            SettleMoments(Bins(values));
        if (_values is { } table && shift == 0)
        {
            while (!table.TryAdd(bin.Bin, bin.Count))
                if (!table.TryGrow())
                {
                    ToBins(table).Add(0, bin);
                    return;
                }
        }
        else
            (_bins ?? ToBins(_values!)).Add(shift, bin); // one of the two is there
    }

    /// <summary>Adds moments of finite values, and rows that are in no bin.</summary>
    public void Add(MergeableMoments moments, long nulls, long notFinite)
    {
        _moments = _moments.Merge(moments);
        _nulls += nulls;
        _notFinite += notFinite;
    }

    /// <summary>The sketch of what was added; the builder is used up.</summary>
    public NumericSketch Build()
    {
        CountWaiting();
        if (_values is { Distinct: > NumericSketch.MaxBins } many)
            ToBins(many);
        var bins = _bins?.Bins() ?? Bins(_values!); // one of the two is there
        SettleMoments(bins);
        int shift = _bins?.Shift ?? 0;
        ArrayPool<double>.Shared.Return(_waiting);
        _values?.Dispose();
        _bins?.Dispose();
        (_waiting, _values, _bins) = ([], null, null);
        return new(shift, bins, _moments, _nulls, _notFinite);
    }

    private void CountWaiting()
    {
        if (_waitingCount == 0)
            return;
        Count(_waiting.AsSpan(0, _waitingCount));
        _waitingCount = 0;
    }

    private void Count(ReadOnlySpan<double> values)
    {
        if (_values is { } table)
        {
            int counted = 0;
            while ((counted += table.Count(values[counted..])) < values.Length && table.TryGrow()) { }
            if (!_owesMoments)
                AddMoments(values[..counted]);
            if (counted == values.Length)
                return;
            ToBins(table);
            values = values[counted..];
        }
        AddMoments(values);
        _bins!.Count(values); // is there when _values is not
    }

    private void AddMoments(ReadOnlySpan<double> values) => _moments = _moments.Merge(MergeableMoments.Of(values));

    // Those of single values, once.
    private void SettleMoments(ReadOnlySpan<SketchBin> values)
    {
        if (_owesMoments)
            foreach (var value in values)
                _moments = _moments.Merge(new(value.Count, value.Min, 0, 0));
        _owesMoments = false;
    }

    private BinTable ToBins(ValueTable table)
    {
        var lent = ArrayPool<SketchBin>.Shared.Rent(table.Distinct);
        var values = Fill(lent.AsSpan(0, table.Distinct), table);
        SettleMoments(values);
        _bins = new(0, values);
        ArrayPool<SketchBin>.Shared.Return(lent);
        table.Dispose();
        _values = null;
        return _bins;
    }

    private static SketchBin[] Bins(ValueTable table)
    {
        var bins = new SketchBin[table.Distinct];
        Fill(bins, table);
        return bins;
    }

    // A bin a value.
    private static Span<SketchBin> Fill(Span<SketchBin> bins, ValueTable table)
    {
        ulong[] keys = table.SortedKeys();
        for (int i = 0; i < keys.Length; i++)
            bins[i] = new(keys[i], table.Rows(keys[i]), 0, SketchKey.Value(keys[i]), SketchKey.Value(keys[i]));
        return bins;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // most of a short run would be over before it is compiled again
    private void Wait(ReadOnlySpan<double> values, ReadOnlySpan<ulong> validity)
    {
        long there = Present(validity, values.Length);
        int count = 0;
        var waiting = _waiting.AsSpan(_waitingCount, values.Length);
        if (there == values.Length && CopyFinite(values, waiting))
            count = values.Length;
        else
            for (int i = 0; i < values.Length; i++)
            {
                // Without a branch that would be guessed wrong at every NULL: what is left out is written over by the next.
                waiting[count] = values[i];
                bool isFinite = (~BitConverter.DoubleToUInt64Bits(values[i]) & Exponent) != 0;
                count += (isFinite ? 1 : 0) & (validity.IsEmpty ? 1 : (int)(validity[i >> 6] >> (i & 63)) & 1);
            }
        _nulls += values.Length - there;
        _notFinite += there - count;
        _waitingCount += count;
    }

    private static long Present(ReadOnlySpan<ulong> validity, int rows)
    {
        if (validity.IsEmpty)
            return rows;
        long there = 0;
        for (int word = 0; word < rows / 64; word++)
            there += BitOperations.PopCount(validity[word]);
        return rows % 64 == 0 ? there : there + BitOperations.PopCount(validity[rows / 64] << (64 - rows % 64));
    }

    // Copies all, and says whether all are finite: x - x is 0 for those and NaN for the others.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool CopyFinite(ReadOnlySpan<double> values, Span<double> to)
    {
        var zero = Vector<double>.Zero;
        int i = 0;
        for (; i <= values.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            var vector = new Vector<double>(values[i..]);
            vector.CopyTo(to[i..]);
            zero += vector - vector;
        }
        double rest = Vector.Sum(zero);
        for (; i < values.Length; i++)
        {
            to[i] = values[i];
            rest += values[i] - values[i];
        }
        return rest == 0;
    }
}
