using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Workbench.Drift.Numeric;

namespace Workbench.Drift.Sketches;

/// <summary>
/// The bins of a column with more distinct values than bins. Those where most values lie stand side by side in a window, one for
/// the negative and one for the other numbers, and are found by subtraction; the rest is in a hash table. Its memory is lent: dispose it.
/// </summary>
internal sealed class BinTable : IDisposable
{
    /// <summary>Bins while values are counted. Twice those of a finished sketch: a coarser shift is then needed once or twice a column and not at every new bin.</summary>
    public const int MaxUsed = 2 * NumericSketch.MaxBins;
    private const int WindowSlots = MaxUsed;

    private readonly Window[] _windows = new Window[2]; // negative numbers, and the others
    private Slot[] _dense = [];
    // Open addressing, at most half full; a key is the bin + 1, and 0 where there is none.
    private Stray[] _strays = new Stray[256];
    private int _used, _strayCount;

    /// <param name="shift">Of <paramref name="bins"/>.</param>
    /// <param name="bins">Ascending, <see cref="MaxUsed"/> at most; written over.</param>
    public BinTable(int shift, Span<SketchBin> bins) => Rebuild(bins, shift, bins.Length > NumericSketch.MaxBins ? ShiftFor(bins, shift) : shift);

    public int Shift { get; private set; }

    /// <summary>Counts finite values.</summary>
    public void Count(ReadOnlySpan<double> values)
    {
        for (int i = 0; i < values.Length;)
        {
            i += CountUntilFull(values[i..]);
            if (i < values.Length)
                MakeRoom();
        }
    }

    /// <summary>Adds values that were counted elsewhere, at <paramref name="shift"/>.</summary>
    public void Add(int shift, SketchBin bin)
    {
        if (shift > Shift)
            Coarsen(shift);
        while (true)
        {
            var mine = bin.Coarsen(shift, Shift);
            ref var slot = ref Find(mine.Bin);
            if (Unsafe.IsNullRef(ref slot))
            {
                MakeRoom();
                continue;
            }
            slot.Merge(mine);
            return;
        }
    }

    /// <summary>The bins, ascending, coarse enough to be no more than <see cref="NumericSketch.MaxBins"/>.</summary>
    public SketchBin[] Bins()
    {
        var lent = ArrayPool<SketchBin>.Shared.Rent(MaxUsed);
        var bins = Sorted(lent);
        if (bins.Length > NumericSketch.MaxBins)
        {
            Rebuild(bins, Shift, ShiftFor(bins, Shift));
            bins = Sorted(lent);
        }
        SketchBin[] result = bins.ToArray();
        ArrayPool<SketchBin>.Shared.Return(lent);
        return result;
    }

    public void Dispose()
    {
        if (_dense.Length > 0)
            ArrayPool<Slot>.Shared.Return(_dense);
        _dense = [];
    }

    // The inner loop, with everything in locals; ends early when a new bin needs room.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // most of a short run would be over before it is compiled again
    private int CountUntilFull(ReadOnlySpan<double> values)
    {
        ref var dense = ref MemoryMarshal.GetArrayDataReference(_dense);
        ref var windows = ref MemoryMarshal.GetArrayDataReference(_windows);
        int shift = Shift;
        for (int i = 0; i < values.Length; i++)
        {
            double value = values[i] + 0.0; // -0 becomes 0
            ulong key = SketchKey.Of(value), bin = key >> shift;
            ref var window = ref Unsafe.Add(ref windows, (nint)(key >> 63));
            ulong at = bin - window.Low;
            ref var slot = ref at < window.Length ? ref Unsafe.Add(ref dense, (nint)(at + window.Start)) : ref FindStray(bin);
            if (Unsafe.IsNullRef(ref slot))
                return i;
            if (slot.Count == 0)
            {
                if (_used == MaxUsed)
                    return i;
                Begin(ref slot, value);
            }
            slot.Count++;
            slot.Offset += value - SketchKey.Edge(bin, shift);
            slot.Min = double.MinNative(slot.Min, value);
            slot.Max = double.MaxNative(slot.Max, value);
        }
        return values.Length;
    }

    private void Begin(ref Slot slot, double value)
    {
        _used++;
        slot.Min = slot.Max = value;
    }

    // The slot of a bin, begun when it was not; null when there is no room.
    private ref Slot Find(ulong bin)
    {
        ref var window = ref _windows[(int)(bin << Shift >> 63)];
        ulong at = bin - window.Low;
        ref var slot = ref at < window.Length ? ref _dense[at + window.Start] : ref FindStray(bin);
        if (!Unsafe.IsNullRef(ref slot) && slot.Count == 0)
        {
            if (_used == MaxUsed)
                return ref Unsafe.NullRef<Slot>();
            Begin(ref slot, double.PositiveInfinity);
            slot.Max = double.NegativeInfinity;
        }
        return ref slot;
    }

    private ref Slot FindStray(ulong bin)
    {
        while (true)
        {
            int hash = BinHash.Shift(_strays.Length), at = BinHash.Place(bin + 1, hash);
            while (_strays[at].Key != bin + 1 && _strays[at].Key != 0)
                at = (at + 1) & (_strays.Length - 1);
            if (_strays[at].Key != 0)
                return ref _strays[at].Slot;
            if (_used == MaxUsed)
                return ref Unsafe.NullRef<Slot>();
            if (_strayCount < _strays.Length / 2)
            {
                _strayCount++;
                _strays[at].Key = bin + 1;
                return ref _strays[at].Slot;
            }
            GrowStrays();
        }
    }

    private void GrowStrays()
    {
        var before = _strays;
        _strays = new Stray[before.Length * 2];
        _strayCount = 0;
        foreach (var stray in before)
            if (stray.Key != 0)
                FindStray(stray.Key - 1) = stray.Slot;
    }

    private void MakeRoom() => Coarsen(null);

    // To a shift, or to the one that makes room.
    private void Coarsen(int? shift)
    {
        var lent = ArrayPool<SketchBin>.Shared.Rent(MaxUsed);
        var bins = Sorted(lent);
        Rebuild(bins, Shift, shift ?? ShiftFor(bins, Shift));
        ArrayPool<SketchBin>.Shared.Return(lent);
    }

    private void Rebuild(Span<SketchBin> before, int from, int shift)
    {
        var bins = SketchBin.Coarsen(before, from, shift);
        (Shift, _used, _strayCount) = (shift, 0, 0);
        Array.Clear(_dense, 0, Math.Min(_dense.Length, WindowSlots));
        Array.Clear(_strays);
        Place(bins);
        foreach (var bin in bins)
            Find(bin.Bin).Merge(bin);
    }

    // Lays the windows where most values are.
    private void Place(ReadOnlySpan<SketchBin> bins)
    {
        int negative = 0;
        while (negative < bins.Length && bins[negative].Bin << Shift >> 63 == 0)
            negative++;
        bool both = negative > 0 && negative < bins.Length;
        int slots = both ? WindowSlots / 2 : WindowSlots;
        _windows[0] = Densest(bins[..negative], slots, 0);
        _windows[1] = Densest(bins[negative..], slots, both ? slots : 0);
        if (_windows[0].Length + _windows[1].Length > 0 && _dense.Length == 0)
        {
            _dense = ArrayPool<Slot>.Shared.Rent(WindowSlots);
            Array.Clear(_dense, 0, WindowSlots);
        }
    }

    // The stretch of so many bins that holds the most values, its free places on both ends; none when that is under half of them.
    private static Window Densest(ReadOnlySpan<SketchBin> bins, int slots, int start)
    {
        long rows = 0, all = 0, most = 0;
        int first = 0, bestFirst = 0, bestLast = 0;
        for (int last = 0; last < bins.Length; last++)
        {
            all += bins[last].Count;
            rows += bins[last].Count;
            while (bins[last].Bin - bins[first].Bin >= (ulong)slots)
                rows -= bins[first++].Count;
            if (rows > most)
                (most, bestFirst, bestLast) = (rows, first, last);
        }
        if (2 * most <= all)
            return default;
        ulong span = bins[bestLast].Bin - bins[bestFirst].Bin + 1, free = ((ulong)slots - span) / 2;
        return new(bins[bestFirst].Bin - Math.Min(free, bins[bestFirst].Bin), (ulong)slots, (ulong)start);
    }

    // The smallest shift that leaves MaxBins at most. Neighbours in order whose highest differing bit is b fall into one bin
    // from the shift b + 1 on.
    private static int ShiftFor(ReadOnlySpan<SketchBin> sorted, int shift)
    {
        Span<int> separate = stackalloc int[65];
        separate.Clear();
        for (int i = 1; i < sorted.Length; i++)
            separate[64 - BitOperations.LeadingZeroCount(sorted[i].Bin ^ sorted[i - 1].Bin)]++;
        int count = sorted.Length, more = 0;
        while (count > NumericSketch.MaxBins)
            count -= separate[++more];
        return shift + more;
    }

    // The windows are in order; the strays come in between.
    private Span<SketchBin> Sorted(SketchBin[] into)
    {
        var bins = into.AsSpan(0, _used);
        var strays = SortedStrays();
        int count = 0, next = 0;
        foreach (var window in _windows)
            for (ulong at = 0; at < window.Length; at++)
            {
                ref readonly var slot = ref _dense[window.Start + at];
                if (slot.Count == 0)
                    continue;
                for (ulong bin = window.Low + at; next < strays.Length && strays[next] < bin; next++)
                    bins[count++] = FindStray(strays[next]).Bin(strays[next]);
                bins[count++] = slot.Bin(window.Low + at);
            }
        for (; next < strays.Length; next++)
            bins[count++] = FindStray(strays[next]).Bin(strays[next]);
        return bins;
    }

    private Span<ulong> SortedStrays()
    {
        ulong[] bins = new ulong[_strayCount];
        int count = 0;
        foreach (var stray in _strays)
            if (stray.Slot.Count != 0)
                bins[count++] = stray.Key - 1;
        var found = bins.AsSpan(0, count); // one may have been begun and found no room
        RadixSort.Sort(found);
        return found;
    }

    private readonly record struct Window(ulong Low, ulong Length, ulong Start);

    private struct Slot
    {
        public long Count;
        public double Offset, Min, Max;

        public readonly SketchBin Bin(ulong bin) => new(bin, Count, Offset, Min, Max);

        public void Merge(SketchBin other)
        {
            Count += other.Count;
            Offset += other.Offset;
            Min = Math.Min(Min, other.Min);
            Max = Math.Max(Max, other.Max);
        }
    }

    private struct Stray
    {
        public ulong Key;
        public Slot Slot;
    }
}
