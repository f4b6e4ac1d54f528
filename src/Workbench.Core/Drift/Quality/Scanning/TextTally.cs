using System.Globalization;
using System.Text;
using Workbench.Data;

namespace Workbench.Drift.Quality.Scanning;

/// <summary>Counts texts: a few different ones are judged once each at the end, many one by one as they come.</summary>
internal sealed class TextTally(string column, string type, bool findsShapes) : ColumnTally(column, type)
{
    // A column is asked on for numbers while at least nine in ten of its texts are some.
    private const long FewestTried = 1000;
    private const double NumericShare = 0.9;

    private readonly TextCounts _few = new();
    private readonly TextShape? _shape = findsShapes ? new() : null;
    private HyperLogLog? _many;
    private MajorityVote? _vote;
    private long _rows, _nulls, _blanks, _padded, _tried, _numeric;
    private int _shortest = int.MaxValue, _longest = -1;

    public override string Select => $"{Quoted}::VARCHAR";

    public override void Add(DuckVectors vectors, int index)
    {
        var values = vectors.Values<DuckText>(index);
        var validity = vectors.Validity(index);
        _rows += values.Length;
        for (int i = 0; i < values.Length; i++)
            if (!IsValid(validity, i))
                _nulls++;
            else if (_many is not null || !_few.TryCount(in values[i]))
                AddOneOfMany(DuckText.Bytes(in values[i]));
    }

    public override ColumnProfile Build()
    {
        bool isComplete = _many is null;
        if (isComplete)
            foreach (var (text, rows) in _few.Values)
                Judge(text, rows);
        long present = _rows - _nulls - _blanks;
        var values = isComplete ? _few.Values.Where(value => !IsBlank(value.Text)).ToList() : [];
        var categories = isComplete && AreCategories(values.Count, present) ? Categories(values) : null;
        return new()
        {
            Column = Column, Type = Type, Kind = Kind, Rows = _rows, Nulls = _nulls, Blanks = _blanks, Padded = _padded,
            Least = present > 0 ? _shortest : null, Greatest = present > 0 ? _longest : null,
            Distinct = _many?.Estimate() ?? values.Count, IsDistinctExact = isComplete, Categories = categories, Usual = categories is { Count: > 0 } ? Most(categories) : null,
            Candidate = _vote is { } vote && vote.Leader.Length > 0 && vote.Lead >= TableScan.LeadShare * present ? Candidate(vote) : null,
            NumericShare = _tried == 0 ? 0 : (double)_numeric / _tried, Shape = _shape?.Pattern,
        };
    }

    /// <summary>Whether nothing stands there; the same signs as <see cref="ColumnSql.NotBlank"/> takes away.</summary>
    private static bool IsBlank(ReadOnlySpan<byte> text) => text.IndexOfAnyExcept(" \t\r\n"u8) < 0;

    private void AddOneOfMany(ReadOnlySpan<byte> text)
    {
        if (_many is null)
        {
            (_many, _vote) = (new(), new());
            foreach (var (earlier, rows) in _few.Values)
                AddOneOfMany(earlier, rows);
        }
        AddOneOfMany(text, 1);
    }

    private void AddOneOfMany(ReadOnlySpan<byte> text, long rows)
    {
        if (!Judge(text, rows))
            return;
        ulong hash = TextCounts.Hash(text);
        _many!.Add(hash); // its caller has made both
        _vote!.Add(text, hash, rows);
    }

    // False for a blank one.
    private bool Judge(ReadOnlySpan<byte> text, long rows)
    {
        if (IsBlank(text))
        {
            _blanks += rows;
            return false;
        }
        int length = Length(text);
        _shortest = Math.Min(_shortest, length);
        _longest = Math.Max(_longest, length);
        if (text[0] <= ' ' || text[^1] <= ' ')
            _padded += rows;
        if (_tried < FewestTried || _numeric >= NumericShare * _tried)
        {
            _tried += rows;
            _numeric += IsNumber(text) ? rows : 0;
        }
        _shape?.Add(text);
        return true;
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

    private static (string Sql, string Text) Candidate(MajorityVote vote)
    {
        string text = Encoding.UTF8.GetString(vote.Leader);
        return (DuckSession.Literal(text), text);
    }

    private static Dictionary<string, long> Categories(IEnumerable<(byte[] Text, long Rows)> values)
    {
        var categories = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (text, rows) in values)
        {
            string key = Encoding.UTF8.GetString(text);
            categories[key] = categories.GetValueOrDefault(key) + rows;
        }
        return categories;
    }

    private static (string, long) Most(Dictionary<string, long> values)
    {
        var most = values.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).First();
        return (most.Key, most.Value);
    }
}
