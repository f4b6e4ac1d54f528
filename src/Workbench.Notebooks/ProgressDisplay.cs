using System.Globalization;
using System.Net;

namespace Workbench.Notebooks;

/// <summary>
/// A progress bar in a cell's output, with rate, elapsed and remaining time. Dispose it to say that the work stopped
/// early. Thread-safe.
/// </summary>
public sealed class ProgressDisplay : IProgress<double>, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly string _title;
    private readonly double? _total;
    private readonly TimeProvider _clock;
    private readonly long _started;
    private readonly LiveDisplay _display;
    private double _value;
    private string _note = "";
    private TimeSpan? _ended;

    internal ProgressDisplay(string title, double? total, TimeProvider clock)
    {
        if (total is { } given && !(given > 0 && double.IsFinite(given)))
            throw new ArgumentOutOfRangeException(nameof(total), given, "The value at which the work is done must be a number above 0.");
        (_title, _total, _clock, _started) = (title, total, clock, clock.GetTimestamp());
        _display = new(Render, Interval, clock);
    }

    /// <summary>Moves the bar; at most ten moves a second reach the screen, the last always does.</summary>
    public void Report(double value) => Report(value, _note);

    /// <summary>Moves the bar and says something beside it, such as a loss.</summary>
    public void Report(double value, string note) => _display.Change(() =>
    {
        (_value, _note) = (value, note);
        if (value >= _total)
            _ended ??= _clock.GetElapsedTime(_started);
    });

    /// <summary>Moves the bar on by <paramref name="step"/>.</summary>
    public void Advance(double step = 1) => _display.Change(() =>
    {
        _value += step;
        if (_value >= _total)
            _ended ??= _clock.GetElapsedTime(_started);
    });

    /// <summary>Ends the bar where it stands.</summary>
    public void Dispose() => _display.Change(() => _ended ??= _clock.GetElapsedTime(_started));

    /// <summary>Goes through <paramref name="items"/> and moves the bar with every one; ends it when the loop is left early.</summary>
    internal static IEnumerable<T> Follow<T>(IEnumerable<T> items, string title, TimeProvider clock)
    {
        int? count = items.TryGetNonEnumeratedCount(out int known) ? known : null;
        using var bar = new ProgressDisplay(title, count is > 0 ? count : null, clock);
        foreach (var item in items)
        {
            yield return item;
            bar.Advance();
        }
    }

    private MimeBundle Render()
    {
        var text = Text();
        var bar = _total is null && _ended is null ? "<progress" : string.Create(CultureInfo.InvariantCulture, $"<progress max=\"1\" value=\"{Share ?? 1:F4}\"");
        return MimeBundle.Of("text/html", $"<div style=\"font:13px/1.6 system-ui,sans-serif\">{bar} style=\"width:240px;vertical-align:middle\"></progress> {WebUtility.HtmlEncode(text)}</div>", text);
    }

    private double? Share => _total is { } total ? Math.Clamp(_value / total, 0, 1) : null;

    private string Text()
    {
        var elapsed = _ended ?? _clock.GetElapsedTime(_started);
        var text = string.Create(CultureInfo.InvariantCulture, $"{_title}{(_title.Length > 0 ? ": " : "")}{(Share is { } share ? $"{share:P0} " : "")}({_value:G6}{(_total is { } all ? $" of {all:G6}" : "")})");
        if (_ended is not null)
            text += $"{(_value < _total ? " stopped after " : " in ")}{Clock(elapsed)}";
        else if (_value > 0 && elapsed >= TimeSpan.FromSeconds(1))
            text += string.Create(CultureInfo.InvariantCulture, $" {_value / elapsed.TotalSeconds:G3}/s, {Clock(elapsed)} so far") + (_total is { } goal && _value < goal ? $", {Clock(elapsed * (goal / _value - 1))} left" : "");
        return _note.Length > 0 ? $"{text} {_note}" : text;
    }

    private static string Clock(TimeSpan span) => span < TimeSpan.FromMinutes(1)
        ? span.TotalSeconds.ToString(span < TimeSpan.FromSeconds(10) ? "0.0 's'" : "0 's'", CultureInfo.InvariantCulture)
        : span.ToString(span < TimeSpan.FromHours(1) ? @"m\:ss" : span < TimeSpan.FromDays(1) ? @"h\:mm\:ss" : @"d\.hh\:mm\:ss", CultureInfo.InvariantCulture);
}
