using Workbench.Charts;
using Workbench.Notebooks.Kernel.Formatting;

namespace Workbench.Notebooks;

/// <summary>A line chart that grows while a cell runs, such as the loss of a training. Thread-safe.</summary>
public sealed class LiveChart
{
    private const int MaximumPoints = 2000;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly string _title;
    private readonly string _xAxis;
    private readonly string _yAxis;
    private readonly IReadOnlyList<string> _names;
    private readonly List<(double X, double[] Values)> _points = [];
    private readonly LiveDisplay _display;
    private int _stride = 1;
    private int _added;

    internal LiveChart(string title, string xAxis, string yAxis, IReadOnlyList<string> names, TimeProvider clock)
    {
        if (names.Count == 0)
            throw new ArgumentException($"Chart '{title}' has no series; name at least one.", nameof(names));
        (_title, _xAxis, _yAxis, _names) = (title, xAxis, yAxis, names);
        _display = new(Render, Interval, clock);
    }

    /// <summary>Adds a point to every series. NaN is a gap. At most two updates a second reach the screen; the last always does.</summary>
    /// <param name="x">Where on the x axis.</param>
    /// <param name="values">One value a series, in the order of their names.</param>
    /// <exception cref="ArgumentException">There are not as many values as series.</exception>
    public void Add(double x, params double[] values)
    {
        if (values.Length != _names.Count)
            throw new ArgumentException($"Chart '{_title}' has {_names.Count} series ({string.Join(", ", _names)}) and got {values.Length} values; give one a series.", nameof(values));
        _display.Change(() => Append(x, values));
    }

    // A chart of very many points keeps every second one, and from then on adds every second one.
    private void Append(double x, double[] values)
    {
        if (_points.Count > 0 && _added++ % _stride != 0)
        {
            _points[^1] = (x, values); // the newest point is always there
            return;
        }
        _points.Add((x, values));
        if (_points.Count <= MaximumPoints)
            return;
        _stride *= 2;
        var kept = _points.Where((_, index) => index % 2 == 0).ToList();
        _points.Clear();
        _points.AddRange(kept);
    }

    private MimeBundle Render() => OutputFormatter.Format(Chart.Line(_title, _xAxis, _yAxis,
        _names.Select((name, index) => new ChartSeries(name, _points.Select(point => point.X), _points.Select(point => point.Values[index]))).ToList()));
}
