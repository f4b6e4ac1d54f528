using System.Globalization;
using System.Net;

namespace Workbench.Notebooks;

/// <summary>A progress bar in a cell's output. Thread-safe.</summary>
public sealed class ProgressDisplay : IProgress<double>
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly string _title;
    private readonly double _total;
    private readonly TimeProvider _clock;
    private readonly DisplayHandle _handle;
    private long _lastShown;

    internal ProgressDisplay(string title, double total, TimeProvider clock)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(total);
        (_title, _total, _clock) = (title, total, clock);
        _lastShown = clock.GetTimestamp();
        _handle = Display.Show(Bar(0, ""));
    }

    /// <summary>Moves the bar; at most ten times a second reach the screen, the last always does.</summary>
    public void Report(double value) => Report(value, "");

    /// <summary>Moves the bar and says something beside it, such as a loss.</summary>
    public void Report(double value, string note)
    {
        lock (_lock)
        {
            if (value < _total && _clock.GetElapsedTime(_lastShown) < Interval)
                return;
            _lastShown = _clock.GetTimestamp();
            _handle.Update(Bar(value, note));
        }
    }

    private MimeBundle Bar(double value, string note)
    {
        double share = Math.Clamp(value / _total, 0, 1);
        var text = string.Create(CultureInfo.InvariantCulture, $"{_title}: {share:P0} ({value:G6} of {_total:G6}){(note.Length > 0 ? " " + note : "")}");
        var html = string.Create(CultureInfo.InvariantCulture, $"<div style=\"font:13px system-ui,sans-serif\"><progress max=\"1\" value=\"{share:F4}\" style=\"width:240px\"></progress> {WebUtility.HtmlEncode(text)}</div>");
        return MimeBundle.Of("text/html", html, text);
    }
}
