using System.Buffers.Binary;
using System.Text;

namespace Workbench.Drift.Quality.Scanning;

/// <summary>As <see cref="ValueCounts"/>, for texts in UTF-8; a text of more than 200 bytes is no category.</summary>
internal sealed class TextCounts
{
    private const int LongestText = 200;
    private const int Slots = 4096;

    private readonly int[] _slots = new int[Slots]; // index of the entry, from 1
    private readonly List<(ulong Hash, byte[] Text, long Rows)> _entries = [];
    private HyperLogLog? _many;
    private readonly byte[] _leading = new byte[LongestText];
    private int _leadingLength;
    private ulong _leader;

    public bool IsComplete => _many is null;
    public long Distinct => _many?.Estimate() ?? _entries.Count;
    public ReadOnlySpan<byte> Leader => _leading.AsSpan(0, _leadingLength);
    public long Lead { get; private set; }

    /// <summary>The different texts with their rows, when they are complete.</summary>
    public Dictionary<string, long> Read()
    {
        var texts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (_, text, rows) in _entries)
        {
            string key = Encoding.UTF8.GetString(text);
            texts[key] = texts.GetValueOrDefault(key) + rows;
        }
        return texts;
    }

    public void Add(ReadOnlySpan<byte> text)
    {
        ulong hash = Hash(text);
        if (_many is null)
        {
            if (text.Length <= LongestText && TryCount(text, hash))
                return;
            _many = Spill();
        }
        _many.Add(hash);
        if (Lead > 0 && hash == _leader)
            Lead++;
        else if (Lead == 0)
            Follow(text, hash, 1);
        else
            Lead--;
    }

    private bool TryCount(ReadOnlySpan<byte> text, ulong hash)
    {
        int slot = (int)(hash & (Slots - 1));
        while (_slots[slot] > 0)
        {
            var (known, bytes, rows) = _entries[_slots[slot] - 1];
            if (known == hash && text.SequenceEqual(bytes))
            {
                _entries[_slots[slot] - 1] = (known, bytes, rows + 1);
                return true;
            }
            slot = (slot + 1) & (Slots - 1);
        }
        if (_entries.Count == ValueCounts.Limit)
            return false;
        _entries.Add((hash, text.ToArray(), 1));
        _slots[slot] = _entries.Count;
        return true;
    }

    private HyperLogLog Spill()
    {
        var many = new HyperLogLog();
        foreach (var entry in _entries)
            many.Add(entry.Hash);
        if (_entries.Count > 0)
        {
            var most = _entries.MaxBy(entry => entry.Rows);
            Follow(most.Text, most.Hash, Math.Max(2 * most.Rows - _entries.Sum(entry => entry.Rows), 0));
        }
        return many;
    }

    // A text too long for a category leads without being kept: it is then no candidate.
    private void Follow(ReadOnlySpan<byte> text, ulong hash, long lead)
    {
        (_leader, Lead, _leadingLength) = (hash, lead, text.Length > LongestText ? 0 : text.Length);
        text[.._leadingLength].CopyTo(_leading);
    }

    private static ulong Hash(ReadOnlySpan<byte> text)
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
