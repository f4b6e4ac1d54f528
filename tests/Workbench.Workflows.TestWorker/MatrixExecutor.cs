using System.Text.Json.Nodes;
using Dapper;
using Workbench.Workflows.Runtime;
using Workbench.Workflows.Storage;

namespace Workbench.Workflows;

/// <summary>
/// Does the steps of the matrix test in the worker's own process. A step notes its start and, when it ends well, its effect. The
/// input <c>incident</c> lets the first step of its activity fail, fail once, or hang until it is stopped or killed.
/// </summary>
internal sealed class MatrixExecutor(WorkflowStore store) : IStepExecutor
{
    public async Task<StepResult> ExecuteAsync(StepContext context, CancellationToken cancellationToken = default)
    {
        await WriteAsync("insert into starts (step, attempt, pid) values (@Key, @Attempt, @pid)", context, cancellationToken);
        context.Log.Report($"{context.Key} on {Environment.ProcessId}");
        var isFirst = !context.StepId.Contains('~', StringComparison.Ordinal);
        switch ((string?)context.Inputs["incident"])
        {
            case "fail" when isFirst:
                throw new StepFailedException("It fails for good.", isRetryable: false);
            case "retry" when isFirst && context.Attempt == 1:
                throw new InvalidOperationException("It fails once.");
            case "hang" when isFirst && context.Attempt == 1:
                await Task.Delay(Timeout.Infinite, cancellationToken);
                break;
        }
        // An effect outside the engine carries the key, so that it happens once however often the step starts.
        await WriteAsync("insert into effects (step, attempt) values (@Key, @Attempt) on conflict (step) do nothing", context, cancellationToken);
        var round = (context.Inputs["done"]?.GetValue<int>() ?? 0) + 1;
        return new() { Outputs = new JsonObject { ["round"] = round, ["more"] = round < 2 } };
    }

    private async Task WriteAsync(string sql, StepContext context, CancellationToken cancellationToken)
    {
        await using var connection = await store.Database.Dialect.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(sql, new { context.Key, context.Attempt, pid = Environment.ProcessId });
    }
}
