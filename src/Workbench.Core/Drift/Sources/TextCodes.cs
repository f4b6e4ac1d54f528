using System.Text;
using Workbench.Data;

namespace Workbench.Drift.Sources;

/// <summary>Numbers the different texts of a column as they come.</summary>
internal sealed class TextCodes
{
    private readonly Dictionary<string, int> _codes = new(StringComparer.Ordinal);
    // Short texts are found by their bits, without decoding.
    private readonly Dictionary<(ulong, ulong), int> _short = [];
    private readonly List<string> _names = [];
    private int[] _buffer = [];
    private char[] _text = [];

    public IReadOnlyList<string> Names => _names;

    /// <summary>The code of each row, -1 for NULL; valid until the next call.</summary>
    public ReadOnlySpan<int> Of(ReadOnlySpan<DuckText> texts, ReadOnlySpan<ulong> validity)
    {
        if (_buffer.Length < texts.Length)
            _buffer = new int[texts.Length];
        for (int i = 0; i < texts.Length; i++)
            _buffer[i] = validity.Length > 0 && (validity[i >> 6] >> (i & 63) & 1) == 0 ? -1 : Of(in texts[i]);
        return _buffer.AsSpan(0, texts.Length);
    }

    private int Of(ref readonly DuckText text)
    {
        if (!text.IsShort)
            return Of(DuckText.Bytes(in text));
        if (!_short.TryGetValue(text.Bits, out int code))
            _short.Add(text.Bits, code = Of(DuckText.Bytes(in text)));
        return code;
    }

    private int Of(ReadOnlySpan<byte> utf8)
    {
        if (_text.Length < utf8.Length)
            _text = new char[utf8.Length * 2];
        var text = _text.AsSpan(0, Encoding.UTF8.GetChars(utf8, _text));
        if (_codes.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out int code))
            return code;
        code = _names.Count;
        _names.Add(text.ToString());
        _codes.Add(_names[code], code);
        return code;
    }
}
