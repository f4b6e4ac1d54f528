using System.Buffers.Binary;
using Workbench.Data;

namespace Workbench.Drift.Quality.Scanning;

/// <summary>Rows of each different text while they are few and short enough for categories.</summary>
internal sealed class TextCounts
{
    private const int LongestText = 200;
    private const int Slots = 4096;

    private struct Entry
    {
        public ulong Head, Tail;
        public byte[] Text;
        public long Rows;
    }

    private readonly int[] _slots = new int[Slots]; // index of the entry, from 1
    private readonly Entry[] _entries = new Entry[ValueCounts.Limit];
    private int _used;

    public IEnumerable<(byte[] Text, long Rows)> Values => _entries.Take(_used).Select(entry => (entry.Text, entry.Rows));

    /// <summary>Counts a row; false when the text is new and has no room.</summary>
    public bool TryCount(ref readonly DuckText text)
    {
        // The bits tell short texts apart; of others the tail is the hash, and the bytes decide.
        var (head, tail) = text.Bits;
        if (!text.IsShort)
            tail = Hash(DuckText.Bytes(in text));
        int slot = (int)(ValueCounts.Mix(head ^ ValueCounts.Mix(tail)) & (Slots - 1));
        for (; _slots[slot] > 0; slot = (slot + 1) & (Slots - 1))
        {
            ref var entry = ref _entries[_slots[slot] - 1];
            if (entry.Head == head && entry.Tail == tail && (text.IsShort || DuckText.Bytes(in text).SequenceEqual(entry.Text)))
            {
                entry.Rows++;
                return true;
            }
        }
        var bytes = DuckText.Bytes(in text);
        if (_used == ValueCounts.Limit || bytes.Length > LongestText)
            return false;
        _entries[_used++] = new() { Head = head, Tail = tail, Text = bytes.ToArray(), Rows = 1 };
        _slots[slot] = _used;
        return true;
    }

    /// <summary>A hash of the bytes, all of its bits as good as random.</summary>
    public static ulong Hash(ReadOnlySpan<byte> text)
    {
        ulong hash = (ulong)text.Length * 0x9E3779B97F4A7C15;
        for (; text.Length >= 8; text = text[8..])
            hash = ValueCounts.Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(text));
        ulong rest = 0;
        for (int i = 0; i < text.Length; i++)
            rest |= (ulong)text[i] << (8 * i);
        return ValueCounts.Mix(hash ^ rest);
    }
}
