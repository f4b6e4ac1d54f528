using System.Text.RegularExpressions;
using Workbench.Notebooks.Format;
using Workbench.Notebooks.Protocol;

namespace Workbench.Notebooks.Running;

/// <summary>One run of one document.</summary>
internal sealed partial class NotebookRun(NotebookDocument document, NotebookHash hash, NotebookRunRequest request, KernelLaunch launch, TimeProvider clock)
{
    // How long a cell past its limit may take to end by itself once it was interrupted.
    private static readonly TimeSpan InterruptGrace = TimeSpan.FromSeconds(2);

    private readonly PapermillRecord _record = new(document, clock);
    private readonly CellOutputCollector _outputs = new();
    private readonly long _started = clock.GetTimestamp();

    public async Task<NotebookRunResult> RunAsync(IProgress<NotebookProgress>? progress, CancellationToken cancellationToken = default)
    {
        _record.Begin(request.InputPath, request.OutputPath, request.Parameters);
        document.Save(request.OutputPath);
        NotebookError? error = null;
        try
        {
            await using var kernel = await KernelClient.StartAsync(launch, cancellationToken);
            document.Metadata["language_info"] = kernel.LanguageInfo.DeepClone();
            error = await RunCellsAsync(kernel, progress, cancellationToken);
        }
        catch (KernelEndedException failure)
        {
            error = new(NotebookErrorKind.KernelStart, null, null, "KernelStart", failure.Message, []);
            _record.MarkError(null, error);
        }
        finally
        {
            _record.End(failed: error is not null);
            document.Save(request.OutputPath);
        }
        return new() { Document = document, OutputPath = request.OutputPath, Hash = hash, Duration = clock.GetElapsedTime(_started), Error = error };
    }

    private async Task<NotebookError?> RunCellsAsync(KernelClient kernel, IProgress<NotebookProgress>? progress, CancellationToken cancellationToken)
    {
        var cells = document.Cells.Where(cell => cell.Type == CellType.Code && !string.IsNullOrWhiteSpace(cell.Source)).ToList();
        for (int index = 0; index < cells.Count; index++)
        {
            progress?.Report(new(index, cells.Count, FirstLine(cells[index])));
            if (await RunCellAsync(kernel, cells[index], cancellationToken) is not { } error)
                continue;
            if (error.Kind == NotebookErrorKind.Cell && cells[index].HasTag("raises-exception"))
                continue; // nbclient's tag for an error that is meant
            _record.MarkError(cells[index], error);
            return error;
        }
        progress?.Report(new(cells.Count, cells.Count, null));
        return null;
    }

    private async Task<NotebookError?> RunCellAsync(KernelClient kernel, NotebookCell cell, CancellationToken cancellationToken)
    {
        _record.BeginCell(cell);
        NotebookError? error = null;
        try
        {
            error = await ExecuteAsync(kernel, cell, cancellationToken);
            return error;
        }
        catch (KernelEndedException failure)
        {
            error = new(NotebookErrorKind.KernelDied, cell.Id, cell.ExecutionCount, "KernelDied", failure.Message, []);
            return error;
        }
        finally
        {
            _record.EndCell(cell, failed: error is not null);
            document.Save(request.OutputPath);
        }
    }

    private async Task<NotebookError?> ExecuteAsync(KernelClient kernel, NotebookCell cell, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var execution = kernel.ExecuteAsync(kernel.Language == "c#" ? cell.SourceToRun(document) : cell.Source, message =>
        {
            _outputs.Collect(cell, message);
            if (message.Type == "execute_input")
                cell.ExecutionCount = message.Number("execution_count", 0);
        }, stop.Token);
        var limit = Limit();
        if (await EndsWithinAsync(execution, limit, cancellationToken))
            return ToError(cell, await execution);
        cancellationToken.ThrowIfCancellationRequested();
        kernel.Interrupt();
        bool ended = await EndsWithinAsync(execution, InterruptGrace, cancellationToken);
        kernel.Kill();
        await stop.CancelAsync();
        await execution.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default); // its end no longer matters
        var what = limit == request.CellTimeout ? "The cell" : "The run";
        return new(NotebookErrorKind.Timeout, cell.Id, cell.ExecutionCount, "Timeout",
            $"{what} took longer than the {(what == "The cell" ? request.CellTimeout : request.Timeout):c} allowed{(ended ? "" : " and did not react to an interrupt")}. Allow more time, or make the cell shorter.", []);
    }

    private TimeSpan Limit()
    {
        var total = request.Timeout is { } all ? all - clock.GetElapsedTime(_started) : Timeout.InfiniteTimeSpan;
        if (request.Timeout is not null && total < TimeSpan.Zero)
            total = TimeSpan.Zero;
        if (request.CellTimeout is not { } cell)
            return total;
        return total == Timeout.InfiniteTimeSpan || cell < total ? cell : total;
    }

    private static async Task<bool> EndsWithinAsync(Task execution, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bool ended = await Task.WhenAny(execution, Task.Delay(limit, timer.Token)) == execution;
        await timer.CancelAsync();
        return ended;
    }

    private static NotebookError? ToError(NotebookCell cell, CellReply reply)
    {
        cell.ExecutionCount = reply.ExecutionCount ?? cell.ExecutionCount;
        return reply.IsOk ? null : new(NotebookErrorKind.Cell, cell.Id, cell.ExecutionCount, reply.ErrorName, reply.ErrorMessage,
            reply.Traceback.SelectMany(line => Colours().Replace(line, "").Split('\n')).ToList());
    }

    private static string FirstLine(NotebookCell cell) => cell.Source.TrimStart().Split('\n')[0];

    [GeneratedRegex(@"\e\[[0-9;]*m")]
    private static partial Regex Colours();
}
