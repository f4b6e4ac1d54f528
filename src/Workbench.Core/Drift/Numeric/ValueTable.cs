using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Workbench.Drift.Numeric;

/// <summary>Rows of each distinct value, as long as these are few. Its memory is lent: dispose it.</summary>
/// <param name="most">Distinct values at most.</param>
internal sealed class ValueTable(int most) : IDisposable
{
    // Open addressing, at most half full: at its largest it should stay in the processor's cache.
    private const int SlotsAValue = 2;
    private const int FirstSize = 256;
    private Slot[] _slots = Rent(FirstSize);
    private int _size = FirstSize; // slots in use, a power of 2
    private int _used;

    /// <summary>Distinct values.</summary>
    public int Distinct => _used;

    /// <summary>Counts finite values until one is new and has no room; returns how many were counted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // most of a short run would be over before it is compiled again
    public int Count(ReadOnlySpan<double> values)
    {
        ref var first = ref MemoryMarshal.GetArrayDataReference(_slots);
        int hash = BinHash.Shift(_size), mask = _size - 1;
        for (int i = 0; i < values.Length; i++)
        {
            ulong key = RadixSort.Key(BitConverter.DoubleToUInt64Bits(values[i] + 0.0)); // -0 becomes 0
            int at = BinHash.Place(key, hash);
            ref var slot = ref Unsafe.Add(ref first, at);
            while (slot.Key != key)
            {
                if (slot.Key == 0)
                {
                    if (!HasRoom())
                        return i;
                    _used++;
                    slot.Key = key;
                    break;
                }
                at = (at + 1) & mask;
                slot = ref Unsafe.Add(ref first, at);
            }
            slot.Count++;
        }
        return values.Length;
    }

    /// <summary>Adds rows of one value; false when it is new and has no room.</summary>
    public bool TryAdd(ulong key, long rows)
    {
        ref var slot = ref Find(key);
        if (slot.Key == 0)
        {
            if (!HasRoom())
                return false;
            _used++;
            slot.Key = key;
        }
        slot.Count += rows;
        return true;
    }

    /// <summary>Makes the table larger; false when it is as large as it may be.</summary>
    public bool TryGrow()
    {
        if (_used >= most)
            return false;
        var before = _slots.AsSpan(0, _size);
        var outgrown = _slots;
        _size *= 2;
        _slots = Rent(_size);
        foreach (var slot in before)
            if (slot.Key != 0)
                Find(slot.Key) = slot;
        ArrayPool<Slot>.Shared.Return(outgrown);
        return true;
    }

    /// <summary>Each value's key (as <see cref="RadixSort"/> has it), ascending.</summary>
    public ulong[] SortedKeys()
    {
        ulong[] keys = new ulong[_used];
        int count = 0;
        foreach (var slot in _slots.AsSpan(0, _size))
            if (slot.Key != 0)
                keys[count++] = slot.Key;
        RadixSort.Sort(keys);
        return keys;
    }

    /// <summary>Rows of one of the values.</summary>
    public long Rows(ulong key) => Find(key).Count;

    public void Dispose()
    {
        if (_slots.Length > 0)
            ArrayPool<Slot>.Shared.Return(_slots);
        _slots = [];
    }

    private bool HasRoom() => _used < most && _used < _size / SlotsAValue;

    private ref Slot Find(ulong key)
    {
        int at = BinHash.Place(key, BinHash.Shift(_size));
        while (_slots[at].Key != key && _slots[at].Key != 0)
            at = (at + 1) & (_size - 1);
        return ref _slots[at];
    }

    private static Slot[] Rent(int size)
    {
        var slots = ArrayPool<Slot>.Shared.Rent(size);
        Array.Clear(slots, 0, size);
        return slots;
    }

    // No finite number has the key 0: it stands for an empty slot.
    private struct Slot
    {
        public ulong Key;
        public long Count;
    }
}
