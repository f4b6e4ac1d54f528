using Microsoft.AspNetCore.Components;

namespace Workbench.Host.Pages;

/// <summary>
/// A page that follows the database: it reads when it opens, once a second while a browser has it open, and stops when that
/// leaves. Another process may be what changes the database. What goes wrong is shown on the page, which goes on.
/// </summary>
public abstract partial class LivePage : ComponentBase, IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource _closed = new();
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private readonly CancellationToken _token;
    private Task _watching = Task.CompletedTask;

    /// <summary>A page that is not yet open.</summary>
    protected LivePage() => _token = _closed.Token; // Asked again after the page was left, the source would refuse.

    [Inject] private ILoggerFactory Loggers { get; set; } = default!; // Injected before the first use.

    /// <summary>Why what is shown may be old, or null.</summary>
    protected string? Problem { get; private set; }

    /// <summary>Whether something was read.</summary>
    protected bool IsLoaded { get; private set; }

    /// <summary>Ends when the page is left.</summary>
    protected CancellationToken Closed => _token;

    /// <summary>Reads what the page shows; false when nothing has changed since it was last read.</summary>
    protected abstract Task<bool> LoadAsync(CancellationToken cancellationToken);

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync() => await ReadAsync();

    /// <inheritdoc/>
    protected override void OnAfterRender(bool firstRender)
    {
        // Only a circuit gets here: a page that is written once into the answer has nobody to push to.
        if (firstRender)
            _watching = WatchAsync();
    }

    /// <summary>Reads at once, as after a button was pressed.</summary>
    protected async Task RefreshAsync()
    {
        await ReadAsync();
        StateHasChanged();
    }

    /// <summary>Does what a button asks for. A failure is told on the page.</summary>
    /// <returns>Null when it was done, else what went wrong.</returns>
    protected async Task<string?> TryAsync(Func<Task> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        try
        {
            await work();
            await RefreshAsync();
            return null;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return Words(failure);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        await _watching;
        _closed.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(_token))
                if (await ReadAsync())
                    StateHasChanged();
        }
        catch (OperationCanceledException)
        {
            // The page was left.
        }
    }

    private async Task<bool> ReadAsync()
    {
        await _oneAtATime.WaitAsync(_token);
        try
        {
            bool hadProblem = Problem is not null;
            bool hasChanged = await LoadAsync(_token);
            (Problem, IsLoaded) = (null, true);
            return hasChanged || hadProblem;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            var words = Words(failure);
            bool isNew = words != Problem;
            Problem = words;
            return isNew;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private string Words(Exception failure)
    {
        if (ExpectedFailure.Is(failure))
            return failure.Message;
        LogFailed(Loggers.CreateLogger(GetType()), failure);
        return "The host failed; its log says why.";
    }

    [LoggerMessage(4001, LogLevel.Error, "A page failed and goes on")]
    private static partial void LogFailed(ILogger logger, Exception failure);
}
