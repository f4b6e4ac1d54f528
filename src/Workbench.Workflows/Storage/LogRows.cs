using System.Data.Common;
using Dapper;

namespace Workbench.Workflows.Storage;

/// <summary>Rows of <c>activity_logs</c>.</summary>
internal static class LogRows
{
    /// <summary>
    /// Adds chunks, which may have been added before. When the log is longer than <paramref name="limit"/> characters its first
    /// and its last half of that stay, and what lies between goes.
    /// </summary>
    public static async Task AppendAsync(
        DbConnection connection, DbTransaction transaction, WorkflowDatabase database, string runId, string stepId, int attempt, IReadOnlyList<LogChunk> chunks, long limit)
    {
        foreach (var chunk in chunks)
            await connection.ExecuteAsync(
                $"""
                insert into activity_logs (instance_id, step_id, attempt, position, content, at)
                values (@runId, @stepId, @attempt, @Position, @Content, {database.Now})
                on conflict (instance_id, step_id, attempt, position) do nothing
                """, new { runId, stepId, attempt, chunk.Position, chunk.Content }, transaction);
        if (chunks.Count > 0 && chunks[^1].End > limit)
            await connection.ExecuteAsync(
                """
                delete from activity_logs
                where instance_id = @runId and step_id = @stepId and attempt = @attempt and position >= @from and position < @to
                """, new { runId, stepId, attempt, from = limit / 2, to = chunks[^1].End - limit / 2 }, transaction);
    }
}
