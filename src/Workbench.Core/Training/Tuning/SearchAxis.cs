using System.Globalization;
using System.Text.Json.Nodes;

namespace Workbench.Training.Tuning;

/// <summary>
/// A parameter as a coordinate that samplers work on: of a number its value (or the logarithm), from <see cref="Low"/> to
/// <see cref="High"/>, which lie half a step outside where values are discrete; of a category its index.
/// </summary>
internal sealed class SearchAxis
{
    private readonly SearchParameter _parameter;
    private readonly double _step; // 0 for continuous values
    private readonly double _top;  // the largest value that the steps reach

    public SearchAxis(SearchParameter parameter)
    {
        _parameter = parameter;
        _step = parameter.Step ?? (parameter.Kind == SearchParameterKind.Int ? 1 : 0);
        // A step such as 0.1 is not exact: 0.3 must be reached from 0 all the same.
        _top = _step > 0 ? parameter.Low + Math.Floor((parameter.High - parameter.Low) / _step + 1e-9) * _step : parameter.High;
        (Low, High) = (Scale(parameter.Low - _step / 2), Scale(_top + _step / 2));
    }

    public string Name => _parameter.Name;
    public bool IsCategorical => _parameter.Kind == SearchParameterKind.Categorical;
    public int Choices => _parameter.Choices.Count;
    public double Low { get; }
    public double High { get; }

    /// <summary>The coordinate of a value, or null when the axis has no such value.</summary>
    public double? CoordinateOf(JsonNode? value)
    {
        if (IsCategorical)
            return _parameter.Choices.ToList().FindIndex(choice => JsonNumbers.AreEqual(choice, value)) is var index and >= 0 ? index : null;
        return JsonNumbers.Read(value) is { } number && number >= _parameter.Low && number <= _parameter.High ? Scale(number) : null;
    }

    /// <summary>The value at a coordinate; the nearest that is allowed.</summary>
    public JsonNode? ValueAt(double coordinate)
    {
        if (IsCategorical)
            return _parameter.Choices[(int)coordinate]?.DeepClone();
        double value = Math.Clamp(_parameter.Log ? Math.Exp(coordinate) : coordinate, _parameter.Low, _top);
        if (_step > 0)
            value = Math.Min(StepValue(Math.Round((value - _parameter.Low) / _step)), _parameter.High);
        else
            value = Math.Clamp(Rounded(value), _parameter.Low, _parameter.High);
        return _parameter.Kind == SearchParameterKind.Int ? JsonValue.Create((long)value) : JsonValue.Create(value);
    }

    /// <summary>The coordinates that all lead to the same value; empty (both ends equal) where values are continuous.</summary>
    public (double From, double To) CellOf(double coordinate)
    {
        if (_step == 0)
            return (coordinate, coordinate);
        double value = _parameter.Low + Math.Round((Math.Clamp(_parameter.Log ? Math.Exp(coordinate) : coordinate, _parameter.Low, _top) - _parameter.Low) / _step) * _step;
        return (Scale(value - _step / 2), Scale(value + _step / 2));
    }

    /// <summary>Where a coordinate stands on an axis of a chart, 0 to 1.</summary>
    public double PositionOf(double coordinate) => IsCategorical ? (coordinate + 0.5) / Choices : Math.Clamp((coordinate - Low) / (High - Low), 0, 1);

    /// <summary>Texts of such an axis: the choices, or the bounds and what lies between.</summary>
    public IReadOnlyList<(double Position, string Text)> Ticks() => IsCategorical
        ? [.. _parameter.Choices.Select((choice, i) => (PositionOf(i), choice?.ToJsonString().Trim('"') ?? "null"))]
        : [.. new[] { 0, 0.5, 1 }.Select(share => Low + share * (High - Low)).Select(at => (at, Value: ValueAt(at)!.ToJsonString()))
            .DistinctBy(tick => tick.Value).Select(tick => (PositionOf(CoordinateOf(JsonNode.Parse(tick.Value)) ?? tick.at), double.Parse(tick.Value, CultureInfo.InvariantCulture).ToString("G4", CultureInfo.InvariantCulture)))];

    // Few enough digits to be read and typed: a ten-thousandth of the range or less, five digits on a logarithmic one.
    private double Rounded(double value)
    {
        if (_parameter.Log)
            return _parameter.High < 1.1 * _parameter.Low ? value : double.Parse(value.ToString("G5", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        int decimals = 4 - (int)Math.Floor(Math.Log10(_parameter.High - _parameter.Low));
        return decimals is < 0 or > 15 ? value : Math.Round(value, decimals);
    }

    private double Scale(double value) => _parameter.Log ? Math.Log(value) : value;

    // In decimal, so that the third step of 0.1 is 0.3 and not 0.30000000000000004.
    private double StepValue(double steps) => Math.Abs(_parameter.Low) < 1e12 && Math.Abs(_top) < 1e12 && _step > 1e-12
        ? (double)((decimal)_parameter.Low + (decimal)steps * (decimal)_step) : _parameter.Low + steps * _step;
}
