using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Workbench.Notebooks.Format;
using Workbench.Notebooks.Protocol;

namespace Workbench.Notebooks.Running;

/// <summary>One run of one document.</summary>
internal sealed partial class NotebookRun
{
    // How long a cell past its limit may take to end by itself once it was interrupted.
    private static readonly TimeSpan InterruptGrace = TimeSpan.FromSeconds(2);

    private readonly NotebookDocument _document;
    private readonly NotebookHash _hash;
    private readonly NotebookRunRequest _request;
    private readonly KernelLaunch _launch;
    private readonly TimeProvider _clock;
    private readonly PapermillRecord _record;
    private readonly CellOutputCollector _outputs = new();
    private readonly NotebookSaver _saver;
    private readonly long _started;
    private bool _hasExited;

    public NotebookRun(NotebookDocument document, NotebookHash hash, NotebookRunRequest request, KernelLaunch launch, TimeProvider clock)
    {
        (_document, _hash, _request, _launch, _clock) = (document, hash, request, launch, clock);
        _record = new(document, clock);
        _saver = new(document, request.OutputPath, _outputs.Flush, clock);
        _started = clock.GetTimestamp();
    }

    public async Task<NotebookRunResult> RunAsync(
        IReadOnlyDictionary<string, JsonNode?> defaults, IReadOnlyDictionary<string, JsonNode?> parameters, IProgress<NotebookProgress>? progress, CancellationToken cancellationToken = default)
    {
        _record.Begin(_request.InputPath, _request.OutputPath, defaults, parameters);
        _saver.Save();
        using var end = new CancellationTokenSource();
        var saving = _saver.RunAsync(end.Token);
        NotebookError? error;
        try
        {
            error = await RunKernelAsync(progress, cancellationToken);
        }
        finally
        {
            await end.CancelAsync();
            await saving;
        }
        _record.End(failed: error is not null);
        _saver.Save();
        if (error?.Kind == NotebookErrorKind.Cancelled)
            throw new OperationCanceledException(error.Message, cancellationToken);
        return new() { Document = _document, OutputPath = _request.OutputPath, Hash = _hash, Duration = _clock.GetElapsedTime(_started), Error = error };
    }

    private async Task<NotebookError?> RunKernelAsync(IProgress<NotebookProgress>? progress, CancellationToken cancellationToken)
    {
        KernelClient kernel;
        bool isShort = _request.Timeout < _launch.StartTimeout;
        try
        {
            kernel = await KernelClient.StartAsync(isShort ? _launch with { StartTimeout = _request.Timeout!.Value } : _launch, cancellationToken); // shorter, so it is set
        }
        catch (KernelEndedException failure)
        {
            return Mark(null, new(isShort && Left() <= TimeSpan.Zero ? NotebookErrorKind.Timeout : NotebookErrorKind.KernelStart, null, null, "KernelStart", failure.Message, []));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Mark(null, Cancelled(null));
        }
        await using (kernel)
        {
            // A notebook in F# keeps its language, though the kernel that runs it says C#.
            if (_document.Language is not ("f#" or "fsharp"))
                _saver.Change(() => _document.Metadata["language_info"] = kernel.LanguageInfo.DeepClone());
            return await RunCellsAsync(kernel, progress, cancellationToken);
        }
    }

    private async Task<NotebookError?> RunCellsAsync(KernelClient kernel, IProgress<NotebookProgress>? progress, CancellationToken cancellationToken)
    {
        var cells = _document.Cells.ToList();
        int total = cells.Count(IsRun), done = 0;
        foreach (var cell in cells)
        {
            bool isRun = IsRun(cell);
            if (isRun)
                progress?.Report(new(done++, total, FirstLine(cell)));
            _saver.Change(() => _record.BeginCell(cell));
            var error = isRun ? await RunCellAsync(kernel, cell, cancellationToken) : null;
            _saver.Change(() => _record.EndCell(cell, failed: error is not null));
            if (error is not null)
                return Mark(cell, error);
            if (isRun)
                _saver.SaveIfDue();
            if (_hasExited)
                break;
        }
        progress?.Report(new(done, total, null));
        return null;
    }

    // Without a cell's own tag "skip-execution" (nbclient).
    private static bool IsRun(NotebookCell cell) => cell.Type == CellType.Code && !string.IsNullOrWhiteSpace(cell.Source) && !cell.HasTag("skip-execution");

    /// <summary>Runs a cell; returns null also for an error that is meant.</summary>
    private async Task<NotebookError?> RunCellAsync(KernelClient kernel, NotebookCell cell, CancellationToken cancellationToken)
    {
        try
        {
            var error = await ExecuteAsync(kernel, cell, cancellationToken);
            // papermill: sys.exit() and sys.exit(0) end the notebook, and well.
            _hasExited = error is { Kind: NotebookErrorKind.Cell, Name: "SystemExit", Message: "" or "0" or "None" };
            return error is { Kind: NotebookErrorKind.Cell } && (_hasExited || MayFail(cell)) ? null : error;
        }
        catch (KernelEndedException failure)
        {
            return new(failure.OverLimit ? NotebookErrorKind.MemoryLimit : NotebookErrorKind.KernelDied, cell.Id, cell.ExecutionCount, failure.OverLimit ? "MemoryLimit" : "KernelDied", failure.Message, []);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            kernel.Kill();
            return Cancelled(cell);
        }
    }

    private async Task<NotebookError?> ExecuteAsync(KernelClient kernel, NotebookCell cell, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var execution = kernel.ExecuteAsync(kernel.Language == "c#" ? cell.SourceToRun(_document) : cell.Source, message => Collect(cell, message), stopOnError: !MayFail(cell), stop.Token);
        var left = Left();
        bool isCellLimit = _request.CellTimeout is { } cellLimit && (left == Timeout.InfiniteTimeSpan || cellLimit < left);
        if (await EndsWithinAsync(execution, isCellLimit ? _request.CellTimeout!.Value : left, cancellationToken)) // isCellLimit says that it is set
            return ToError(cell, await execution);
        cancellationToken.ThrowIfCancellationRequested();
        kernel.Interrupt();
        bool ended = await EndsWithinAsync(execution, InterruptGrace, cancellationToken);
        kernel.Kill();
        await stop.CancelAsync();
        await execution.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default); // its end no longer matters
        var (what, limit) = isCellLimit ? ("The cell", _request.CellTimeout) : ("The run", _request.Timeout);
        return new(NotebookErrorKind.Timeout, cell.Id, cell.ExecutionCount, "Timeout", string.Create(CultureInfo.InvariantCulture,
            $"{what} took longer than the {limit:c} allowed{(ended ? "" : " and did not react to an interrupt")}. Allow more time, or make the cell shorter."), []);
    }

    private void Collect(NotebookCell cell, JupyterMessage message)
    {
        _saver.Change(() =>
        {
            _outputs.Collect(cell, message);
            if (message.Type == "execute_input")
                cell.ExecutionCount = message.Number("execution_count", 0);
        });
        if (_request.OnOutput is not { } tell)
            return;
        if (message.Type == "stream")
            tell(message.Text("name") ?? "stdout", message.Text("text") ?? "");
        else if (message.Type is "display_data" or "execute_result" && message.Content["data"]?["text/plain"] is { } text)
            tell("stdout", MultilineText.Read(text) + "\n");
        else if (message.Type == "error")
            tell("stderr", Colours().Replace(string.Join('\n', (message.Content["traceback"] as JsonArray ?? []).Select(line => line?.ToString())), "") + "\n");
    }

    private NotebookError Mark(NotebookCell? cell, NotebookError error)
    {
        _saver.Change(() =>
        {
            if (cell is not null && error.Kind != NotebookErrorKind.Cell)
                _outputs.AddError(cell, error.Name, error.Message);
            _record.MarkError(cell, error);
        });
        return error;
    }

    private static NotebookError Cancelled(NotebookCell? cell) =>
        new(NotebookErrorKind.Cancelled, cell?.Id, cell?.ExecutionCount, "Cancelled", "The run was cancelled from outside before it had ended.", []);

    // nbclient's tag for an error that is meant.
    private static bool MayFail(NotebookCell cell) => cell.HasTag("raises-exception");

    private TimeSpan Left()
    {
        if (_request.Timeout is not { } all)
            return Timeout.InfiniteTimeSpan;
        var left = all - _clock.GetElapsedTime(_started);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private static async Task<bool> EndsWithinAsync(Task execution, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bool ended = await Task.WhenAny(execution, Task.Delay(limit, timer.Token)) == execution;
        await timer.CancelAsync();
        return ended;
    }

    private NotebookError? ToError(NotebookCell cell, CellReply reply)
    {
        _saver.Change(() => cell.ExecutionCount = reply.ExecutionCount ?? cell.ExecutionCount);
        // A heap limit lets .NET and Python say so themselves, where they can; which limit that was, they do not know.
        var limit = _launch.Limits.MemoryBytes is { } bytes && (reply.ErrorName is "System.OutOfMemoryException" or "MemoryError") ? $" The run was allowed {ByteSize.Text(bytes)} of memory." : "";
        return reply.IsOk ? null : new(NotebookErrorKind.Cell, cell.Id, cell.ExecutionCount, reply.ErrorName, reply.ErrorMessage + limit,
            reply.Traceback.SelectMany(line => Colours().Replace(line, "").Split('\n')).ToList());
    }

    private static string FirstLine(NotebookCell cell) => cell.Source.TrimStart().Split('\n')[0];

    [GeneratedRegex(@"\e\[[0-9;]*m")]
    private static partial Regex Colours();
}
