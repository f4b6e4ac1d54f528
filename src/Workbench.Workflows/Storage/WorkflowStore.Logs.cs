using Dapper;

namespace Workbench.Workflows.Storage;

public sealed partial class WorkflowStore
{
    private const int ChunksRead = 16;

    /// <summary>
    /// Reads what a step has written so far, from <paramref name="offset"/> on, wherever it runs; call again with
    /// <see cref="StepLog.NextOffset"/> for more. <paramref name="attempt"/> null is the last one. Null when there is no such step.
    /// </summary>
    public Task<StepLog?> ReadLogAsync(string runId, string stepId, int? attempt = null, long offset = 0, CancellationToken cancellationToken = default) =>
        Database.ReadAsync(async connection =>
        {
            // The step is read before its log: one that reads as ended has its whole log.
            var step = await connection.QuerySingleOrDefaultAsync<StepRow>(
                $"select {StepRow.Columns} from activity_executions where instance_id = @runId and step_id = @stepId", new { runId, stepId });
            if (step is null)
                return null;
            var which = attempt ?? step.Attempt;
            var read = (await connection.QueryAsync<LogChunk>(
                """
                select position as Position, content as Content
                from activity_logs
                where instance_id = @runId and step_id = @stepId and attempt = @which
                  and position >= (
                    select coalesce(max(position), 0)
                    from activity_logs
                    where instance_id = @runId and step_id = @stepId and attempt = @which and position <= @offset)
                order by position
                limit @ChunksRead
                """, new { runId, stepId, which, offset, ChunksRead })).ToList();
            var chunks = Contiguous(read.Where(chunk => chunk.End > offset).ToList());
            var isLast = read.Count < ChunksRead && (chunks.Count == 0 || chunks[^1] == read[^1]);
            var hasEnded = which < step.Attempt || step.Status is not (nameof(StepStatus.Running) or nameof(StepStatus.Pending));
            return ToLog(which, offset, chunks, hasEnded && isLast);
        }, cancellationToken);

    /// <summary>Lines of all kept logs that hold the text, whatever its case (of ASCII letters); those of the newest runs first.</summary>
    /// <exception cref="ArgumentException">The text is empty.</exception>
    public Task<IReadOnlyList<LogHit>> SearchLogsAsync(string text, LogFilter? filter = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        filter ??= new();
        return Database.ReadAsync<IReadOnlyList<LogHit>>(async connection =>
        {
            var rows = await connection.QueryAsync<LogSearchRow>(
                """
                select l.instance_id as RunId, i.definition_id as DefinitionId, l.step_id as StepId, e.activity_name as ActivityName,
                       l.attempt as Attempt, l.position as Position, l.content as Content, l.at as At
                from activity_logs l
                join workflow_instances i on i.id = l.instance_id
                join activity_executions e on e.instance_id = l.instance_id and e.step_id = l.step_id
                where lower(l.content) like lower(@Pattern) escape '!'
                  and (@DefinitionId is null or i.definition_id = @DefinitionId)
                  and (@RunId is null or i.id = @RunId)
                  and (cast(@Since as bigint) is null or l.at >= @Since)
                order by i.created_at desc, l.instance_id desc, e.ordinal, l.attempt, l.position
                limit @Take
                """, new { Pattern = Pattern(text), filter.DefinitionId, filter.RunId, Since = filter.Since?.ToUnixTimeMilliseconds(), filter.Take });
            return [.. rows.SelectMany(row => row.Hits(text)).Take(filter.Take)];
        }, cancellationToken);
    }

    private static StepLog ToLog(int attempt, long offset, List<LogChunk> chunks, bool isLast)
    {
        if (chunks.Count == 0)
            return new() { Attempt = attempt, Offset = offset, Text = "", NextOffset = offset, IsComplete = isLast };
        var start = Math.Max(offset, chunks[0].Position);
        return new()
        {
            Attempt = attempt,
            Offset = start,
            Text = string.Concat(chunks.Select(chunk => chunk.Content))[(int)(start - chunks[0].Position)..],
            NextOffset = chunks[^1].End,
            IsComplete = isLast,
        };
    }

    /// <summary>The chunks up to the first gap.</summary>
    private static List<LogChunk> Contiguous(List<LogChunk> chunks)
    {
        var gap = Enumerable.Range(1, Math.Max(chunks.Count - 1, 0)).FirstOrDefault(index => chunks[index].Position != chunks[index - 1].End);
        return gap == 0 ? chunks : chunks[..gap];
    }

    private static string Pattern(string text) =>
        $"%{text.Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal)}%";
}
