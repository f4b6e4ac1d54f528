using System.Globalization;
using System.Text;
using Workbench.Data;

namespace Workbench.Drift.Quality.Scanning;

/// <summary>Counts texts.</summary>
internal sealed class TextTally(string column, string type, bool findsShapes) : ColumnTally(column, type)
{
    // A column is asked on for numbers while at least nine in ten of its texts are some.
    private const long FewestTried = 1000;
    private const double NumericShare = 0.9;

    private readonly TextCounts _values = new();
    private readonly TextShape? _shape = findsShapes ? new() : null;
    private long _rows, _nulls, _blanks, _padded, _tried, _numeric;
    private int _shortest = int.MaxValue, _longest = -1;

    public override string Select => $"{Quoted}::VARCHAR";

    public override void Add(DuckVectors vectors, int index)
    {
        var values = vectors.Values<DuckText>(index);
        var validity = vectors.Validity(index);
        _rows += values.Length;
        for (int i = 0; i < values.Length; i++)
            if (IsValid(validity, i))
                Add(DuckText.Bytes(in values[i]));
            else
                _nulls++;
    }

    public override ColumnProfile Build()
    {
        long present = _rows - _nulls - _blanks;
        var values = _values.IsComplete ? _values.Read() : null;
        bool hasCategories = values is not null && AreCategories(values.Count, present);
        return new()
        {
            Column = Column, Type = Type, Kind = Kind, Rows = _rows, Nulls = _nulls, Blanks = _blanks, Padded = _padded,
            Least = present > 0 ? _shortest : null, Greatest = present > 0 ? _longest : null,
            Distinct = _values.Distinct, IsDistinctExact = _values.IsComplete, Categories = hasCategories ? values : null,
            Usual = hasCategories && values!.Count > 0 ? Most(values) : null, // categories are the values
            Candidate = !_values.IsComplete && _values.Leader.Length > 0 && _values.Lead >= TableScan.LeadShare * present ? Leader() : null,
            NumericShare = _tried == 0 ? 0 : (double)_numeric / _tried, Shape = _shape?.Pattern,
        };
    }

    /// <summary>Whether nothing stands there; the same signs as <c>trim(x, ' \t\r\n')</c> takes away.</summary>
    private static bool IsBlank(ReadOnlySpan<byte> text) => text.IndexOfAnyExcept(" \t\r\n"u8) < 0;

    private void Add(ReadOnlySpan<byte> text)
    {
        if (IsBlank(text))
        {
            _blanks++;
            return;
        }
        int length = Length(text);
        _shortest = Math.Min(_shortest, length);
        _longest = Math.Max(_longest, length);
        if (text[0] <= ' ' || text[^1] <= ' ')
            _padded++;
        if (_tried < FewestTried || _numeric >= NumericShare * _tried)
        {
            _tried++;
            _numeric += IsNumber(text) ? 1 : 0;
        }
        _shape?.Add(text);
        _values.Add(text);
    }

    // Characters as DuckDB's length counts them: code points.
    private static int Length(ReadOnlySpan<byte> text)
    {
        if (Ascii.IsValid(text))
            return text.Length;
        int count = 0;
        foreach (byte one in text)
            count += (one & 0xC0) != 0x80 ? 1 : 0;
        return count;
    }

    // A code with leading zeros, such as a postal code, is no number.
    private static bool IsNumber(ReadOnlySpan<byte> text) =>
        text[0] is <= (byte)'9' && !(text.Length > 1 && text[0] == '0' && text[1] is >= (byte)'0' and <= (byte)'9')
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number);

    private (string Sql, string Text) Leader()
    {
        string text = Encoding.UTF8.GetString(_values.Leader);
        return (DuckSession.Literal(text), text);
    }

    private static (string, long) Most(Dictionary<string, long> values)
    {
        var most = values.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).First();
        return (most.Key, most.Value);
    }
}
