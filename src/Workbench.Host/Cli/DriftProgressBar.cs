using Spectre.Console;
using Workbench.Drift;

namespace Workbench.Host.Cli;

/// <summary>Columns done and time left on standard error: a bar on a terminal, else a line now and then. Thread-safe.</summary>
internal sealed class DriftProgressBar : IProgress<DriftProgress>, IAsyncDisposable
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _end = new();
    private readonly Task? _bar;
    private readonly long _began = TimeProvider.System.GetTimestamp();
    private DriftProgress? _last;
    private TimeSpan _said;

    /// <param name="isRedirected">Whether standard error is a file or a pipe.</param>
    public DriftProgressBar(bool isRedirected)
    {
        if (!isRedirected)
            _bar = ShowAsync(AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(Console.Error) }));
    }

    public void Report(DriftProgress value)
    {
        lock (_lock)
        {
            if (_last is { } last && last.Done >= value.Done)
                return; // overtaken by another worker
            _last = value;
            if (_bar is null && TimeProvider.System.GetElapsedTime(_began) is var elapsed && elapsed - _said >= Quiet)
            {
                _said = elapsed;
                Console.Error.WriteLine(FormattableString.Invariant($"{value.Done:N0} of {value.Total:N0} columns, about {Words((value.Total - value.Done) * (elapsed / value.Done))} left"));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _end.TrySetResult();
        if (_bar is not null)
            await _bar;
    }

    private Task ShowAsync(IAnsiConsole console) => console.Progress().AutoClear(true)
        .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
        .StartAsync(async context =>
        {
            var task = context.AddTask("Reading");
            while (!_end.Task.IsCompleted)
            {
                if (Last() is { } last)
                    (task.MaxValue, task.Value, task.Description) = (last.Total, last.Done, Markup.Escape(FormattableString.Invariant($"{last.Done:N0} of {last.Total:N0} columns")));
                await Task.WhenAny(_end.Task, Task.Delay(TimeSpan.FromMilliseconds(100)));
            }
        });

    private DriftProgress? Last()
    {
        lock (_lock)
            return _last;
    }

    private static string Words(TimeSpan time) => time.TotalMinutes >= 1 ? FormattableString.Invariant($"{Math.Ceiling(time.TotalMinutes):F0} min") : FormattableString.Invariant($"{Math.Ceiling(time.TotalSeconds):F0} s");
}
