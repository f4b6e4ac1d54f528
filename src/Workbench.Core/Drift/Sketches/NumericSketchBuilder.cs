using System.Numerics;
using Workbench.Drift.Numeric;

namespace Workbench.Drift.Sketches;

/// <summary>Counts a column's values into bins as they come, in one pass. For one thread at a time.</summary>
internal sealed class NumericSketchBuilder
{
    private const int Chunk = 2048;
    // Twice the bins of a finished sketch: a coarser shift is then needed once or twice a column and not at every new bin.
    private const int MaxUsed = 2 * NumericSketch.MaxBins;

    private readonly double[] _finite = new double[Chunk];
    // Open addressing, at most half full; Key is the bin + 1, and 0 where there is none.
    private Slot[] _slots = new Slot[1024];
    private int _used, _shift;
    private long _nulls, _notFinite;
    private MergeableMoments _moments;

    /// <summary>Adds a chunk; bit i of <paramref name="validity"/> is 0 where value i is NULL, and an empty one means no NULL.</summary>
    public void Add(ReadOnlySpan<double> values, ReadOnlySpan<ulong> validity)
    {
        for (int start = 0; start < values.Length; start += Chunk) // a multiple of 64: the bits of each part begin a word
        {
            var part = values.Slice(start, Math.Min(Chunk, values.Length - start));
            var finite = Finite(part, validity.IsEmpty ? validity : validity[(start / 64)..]);
            _moments = _moments.Merge(MergeableMoments.Of(finite));
            Count(finite);
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
        if (shift > _shift)
            Coarsen(shift);
        var (mine, from) = (bin, shift);
        while (true)
        {
            (mine, from) = (mine.Coarsen(from, _shift), _shift);
            ref var slot = ref Find(_slots, mine.Bin + 1);
            if (slot.Key != 0)
            {
                slot.Merge(mine);
                return;
            }
            if (HasRoom())
            {
                slot = new(mine);
                _used++;
                return;
            }
        }
    }

    /// <summary>Adds moments of finite values, and rows that are in no bin.</summary>
    public void Add(MergeableMoments moments, long nulls, long notFinite)
    {
        _moments = _moments.Merge(moments);
        _nulls += nulls;
        _notFinite += notFinite;
    }

    /// <summary>The sketch of what was added.</summary>
    public NumericSketch Build()
    {
        if (_used > NumericSketch.MaxBins)
            Coarsen(ShiftFor(NumericSketch.MaxBins));
        return new(_shift, Sorted(), _moments, _nulls, _notFinite);
    }

    private ReadOnlySpan<double> Finite(ReadOnlySpan<double> values, ReadOnlySpan<ulong> validity)
    {
        if (validity.IsEmpty && AreFinite(values))
            return values;
        int count = 0;
        for (int i = 0; i < values.Length; i++)
        {
            if (!validity.IsEmpty && (validity[i >> 6] >> (i & 63) & 1) == 0)
                _nulls++;
            else if (double.IsFinite(values[i]))
                _finite[count++] = values[i];
            else
                _notFinite++;
        }
        return _finite.AsSpan(0, count);
    }

    // x - x is 0 for a finite x and NaN for the others.
    private static bool AreFinite(ReadOnlySpan<double> values)
    {
        var zero = Vector<double>.Zero;
        int i = 0;
        for (; i <= values.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            var vector = new Vector<double>(values[i..]);
            zero += vector - vector;
        }
        double rest = Vector.Sum(zero);
        for (; i < values.Length; i++)
            rest += values[i] - values[i];
        return rest == 0;
    }

    private void Count(ReadOnlySpan<double> values)
    {
        for (int i = 0; i < values.Length;)
            i += CountUntilFull(values[i..]);
    }

    // The inner loop, with everything in locals; ends early when a new bin needs room.
    private int CountUntilFull(ReadOnlySpan<double> values)
    {
        var slots = _slots;
        int shift = _shift, hash = HashShift(slots), mask = slots.Length - 1;
        for (int i = 0; i < values.Length; i++)
        {
            double value = values[i] + 0.0; // -0 becomes 0
            ulong bin = SketchKey.Of(value) >> shift, key = bin + 1;
            int at = (int)(key * Multiplier >> hash);
            while (slots[at].Key != key)
            {
                if (slots[at].Key == 0)
                {
                    if (!HasRoom())
                        return i;
                    _used++;
                    slots[at] = new() { Key = key, Min = value, Max = value };
                    break;
                }
                at = (at + 1) & mask;
            }
            ref var slot = ref slots[at];
            slot.Count++;
            slot.Offset += value - SketchKey.Edge(bin, shift);
            if (value < slot.Min)
                slot.Min = value;
            if (value > slot.Max)
                slot.Max = value;
        }
        return values.Length;
    }

    // Makes room when there is none: false means that slots have moved.
    private bool HasRoom()
    {
        if (_used < _slots.Length / 2)
            return true;
        if (_used < MaxUsed)
            Rebuild(new Slot[_slots.Length * 2], _shift);
        else
            Coarsen(ShiftFor(NumericSketch.MaxBins));
        return false;
    }

    private void Coarsen(int shift) => Rebuild(new Slot[_slots.Length], shift);

    private void Rebuild(Slot[] slots, int shift)
    {
        var (before, from) = (_slots, _shift);
        (_slots, _shift, _used) = (slots, shift, 0);
        foreach (var old in before)
        {
            if (old.Key == 0)
                continue;
            var bin = old.Bin.Coarsen(from, shift);
            ref var slot = ref Find(slots, bin.Bin + 1);
            if (slot.Key != 0)
            {
                slot.Merge(bin);
                continue;
            }
            slot = new(bin);
            _used++;
        }
    }

    // The smallest shift that leaves this many bins at most. Neighbours in order whose highest differing bit is b fall into
    // one bin from the shift b + 1 on.
    private int ShiftFor(int bins)
    {
        var sorted = Sorted();
        Span<int> separate = stackalloc int[65];
        for (int i = 1; i < sorted.Length; i++)
            separate[64 - BitOperations.LeadingZeroCount(sorted[i].Bin ^ sorted[i - 1].Bin)]++;
        int count = sorted.Length, more = 0;
        while (count > bins)
            count -= separate[++more];
        return _shift + more;
    }

    private SketchBin[] Sorted()
    {
        var keys = new ulong[_used];
        var bins = new SketchBin[_used];
        int count = 0;
        foreach (var slot in _slots)
            if (slot.Key != 0)
                (keys[count], bins[count++]) = (slot.Key, slot.Bin);
        Array.Sort(keys, bins);
        return bins;
    }

    // Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4): neighbouring bins fall far apart.
    private const ulong Multiplier = 0x9E37_79B9_7F4A_7C15;

    private static int HashShift(Slot[] slots) => 64 - BitOperations.Log2((uint)slots.Length);

    private static ref Slot Find(Slot[] slots, ulong key)
    {
        int at = (int)(key * Multiplier >> HashShift(slots));
        while (slots[at].Key != key && slots[at].Key != 0)
            at = (at + 1) & (slots.Length - 1);
        return ref slots[at];
    }

    private struct Slot(SketchBin bin)
    {
        public ulong Key = bin.Bin + 1;
        public long Count = bin.Count;
        public double Offset = bin.Offset, Min = bin.Min, Max = bin.Max;

        public readonly SketchBin Bin => new(Key - 1, Count, Offset, Min, Max);

        public void Merge(SketchBin other)
        {
            Count += other.Count;
            Offset += other.Offset;
            Min = Math.Min(Min, other.Min);
            Max = Math.Max(Max, other.Max);
        }
    }
}
