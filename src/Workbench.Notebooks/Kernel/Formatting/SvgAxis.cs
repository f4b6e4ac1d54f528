using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workbench.Notebooks.Kernel.Formatting;

/// <summary>An axis of a chart: where values stand, and which ticks it has. Linear, logarithmic, time or categories.</summary>
internal sealed class SvgAxis
{
    private readonly JsonObject _layout;
    private readonly string _type;
    private readonly List<string> _categories = [];
    private readonly double _start;
    private readonly double _end;
    private double _low = double.PositiveInfinity;
    private double _high = double.NegativeInfinity;

    /// <param name="layout">The axis in the figure's layout; may be empty.</param>
    /// <param name="values">All values on the axis, which tell its type where the layout does not.</param>
    /// <param name="start">Pixel of the low end.</param>
    /// <param name="end">Pixel of the high end.</param>
    public SvgAxis(JsonObject layout, IReadOnlyCollection<JsonNode?> values, double start, double end)
    {
        (_layout, _start, _end) = (layout, start, end);
        _type = layout["type"]?.ToString() is { } given and not "-" ? given : Guess(values);
        if (_type == "category")
            _categories.AddRange(values.Where(value => value is not null).Select(value => value!.ToString()).Distinct(StringComparer.Ordinal)); // nulls are filtered out
    }

    public bool IsCategory => _type == "category";

    public double Span => _high - _low;

    /// <summary>A value on the axis's own scale; null for gaps and for what has no place.</summary>
    public double? Value(JsonNode? node)
    {
        if (node is null)
            return null;
        double? value = _type switch
        {
            "category" => _categories.IndexOf(node.ToString()) is var index and >= 0 ? index : null,
            "date" => DateTime.TryParse(node.ToString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time.Ticks / (double)TimeSpan.TicksPerDay : null,
            _ => Number(node),
        };
        return _type != "log" ? value : value > 0 ? Math.Log10(value.Value) : null;
    }

    /// <summary>A number of the data, which may be written as a text.</summary>
    public static double? Number(JsonNode? node) => node switch
    {
        JsonValue value when value.GetValueKind() == JsonValueKind.Number => value.GetValue<JsonElement>().GetDouble(),
        JsonValue value when double.TryParse(value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) => number,
        _ => null,
    };

    /// <summary>Widens the axis so that it shows <paramref name="value"/>.</summary>
    public void Include(double value) => (_low, _high) = (Math.Min(_low, value), Math.Max(_high, value));

    /// <summary>Ends the widening: takes the layout's range, or leaves room around the data.</summary>
    public void Fit(bool roomBelow)
    {
        if (!double.IsFinite(_low))
            (_low, _high) = (0, 1);
        double room = _high > _low ? (_high - _low) * 0.05 : Math.Max(Math.Abs(_low) * 0.1, 0.5);
        if (_type == "category")
            (_low, _high) = (-0.5, Math.Max(0.5, _categories.Count - 0.5));
        else
            (_low, _high) = (roomBelow || _low < 0 ? _low - room : _low, _high + room);
        if (_layout["range"] is JsonArray { Count: 2 } range && RangeEnd(range[0]) is { } from && RangeEnd(range[1]) is { } to && from != to)
            (_low, _high) = (from, to);
        else if (_layout["autorange"]?.ToString() == "reversed")
            (_low, _high) = (_high, _low);
    }

    public double Pixel(double value) => _start + (value - _low) / (_high - _low) * (_end - _start);

    /// <summary>Where ticks stand on the axis's scale, and what is written at them.</summary>
    public IReadOnlyList<(double Value, string Text)> Ticks()
    {
        var (low, high) = (Math.Min(_low, _high), Math.Max(_low, _high));
        double length = Math.Abs(_end - _start);
        if (_type == "category")
        {
            int every = Math.Max(1, (int)Math.Ceiling(_categories.Count / Math.Max(1, length / 18)));
            return _categories.Select((text, index) => ((double)index, text)).Where((_, index) => index % every == 0).ToList();
        }
        double step = Step((high - low) / Math.Max(2, length / 75));
        if (_type == "log")
            step = Math.Max(1, Math.Round(step));
        var ticks = new List<(double, string)>();
        for (double tick = Math.Ceiling(low / step) * step; tick <= high + step * 1e-9; tick += step)
            ticks.Add((tick, Text(Math.Abs(tick) < step * 1e-9 ? 0 : tick, step)));
        return ticks;
    }

    private double? RangeEnd(JsonNode? node) => _type == "log" ? Number(node) : Value(node) ?? Number(node);

    private static string Guess(IReadOnlyCollection<JsonNode?> values)
    {
        var some = values.Where(value => value is not null).Take(50).ToList();
        if (some.TrueForAll(value => Number(value) is not null))
            return "linear";
        return some.TrueForAll(value => DateTime.TryParse(value!.ToString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _)) ? "date" : "category"; // nulls are filtered out
    }

    // 1, 2, 5 times a power of ten; for times a whole day or a usual part of it.
    private double Step(double rough)
    {
        if (_type == "date" && rough < 1)
            return new[] { 1 / 1440d, 5 / 1440d, 15 / 1440d, 1 / 24d, 3 / 24d, 6 / 24d, 12 / 24d, 1 }.First(step => step >= Math.Min(rough, 1));
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double step = new[] { 1, 2, 5, 10 }.First(factor => factor * power >= rough * 0.999) * power;
        return _type == "date" ? Math.Max(1, Math.Round(step)) : step;
    }

    private string Text(double value, double step)
    {
        if (_type == "date")
            return new DateTime((long)Math.Round(value * TimeSpan.TicksPerDay / TimeSpan.TicksPerSecond) * TimeSpan.TicksPerSecond).ToString(step < 1 ? "MM-dd HH:mm" : "yyyy-MM-dd", CultureInfo.InvariantCulture);
        if (_type == "log")
            value = Math.Pow(10, value);
        return _layout["tickformat"]?.ToString() is { } format && format.EndsWith('%')
            ? value.ToString(step < 0.01 ? "0.0%" : "0%", CultureInfo.InvariantCulture)
            : Math.Abs(value) >= 1e6 || (value != 0 && Math.Abs(value) < 1e-4) ? value.ToString("0.##e0", CultureInfo.InvariantCulture) : value.ToString("#,0.######", CultureInfo.InvariantCulture);
    }
}
