using Dapper;

namespace Workbench.Workflows.Storage;

public sealed partial class WorkflowStore
{
    /// <summary>How long a node counts as alive after it was last heard of.</summary>
    public static readonly TimeSpan NodeLifetime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan NodesAreKept = TimeSpan.FromDays(1);

    /// <summary>
    /// Says that a node is there, first and then every second or so. False when a living process has its name; nothing is
    /// changed then. Nodes that were not heard of for a day are forgotten.
    /// </summary>
    public Task<bool> BeatNodeAsync(WorkflowNode node, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(node);
        return Database.WriteAsync(async (connection, transaction) =>
        {
            var parameters = new
            {
                node.Name, node.Instance, node.Address, node.Machine, node.ProcessId, node.Parallelism,
                Lifetime = Milliseconds(NodeLifetime), Kept = Milliseconds(NodesAreKept),
            };
            await connection.ExecuteAsync($"delete from workflow_nodes where seen_at < {Database.Now} - @Kept", parameters, transaction);
            return await connection.ExecuteAsync(
                $"""
                insert into workflow_nodes (name, instance, address, machine, process_id, parallelism, started_at, seen_at)
                values (@Name, @Instance, @Address, @Machine, @ProcessId, @Parallelism, {Database.Now}, {Database.Now})
                on conflict (name) do update
                set instance = excluded.instance, address = excluded.address, machine = excluded.machine, process_id = excluded.process_id,
                    parallelism = excluded.parallelism, seen_at = excluded.seen_at,
                    started_at = case when workflow_nodes.instance = excluded.instance then workflow_nodes.started_at else excluded.started_at end
                where workflow_nodes.instance = excluded.instance or workflow_nodes.seen_at < excluded.seen_at - @Lifetime
                """, parameters, transaction) == 1;
        }, cancellationToken);
    }

    /// <summary>A node goes: its name and its duties are free at once.</summary>
    public Task RemoveNodeAsync(string instance, CancellationToken cancellationToken = default) =>
        Database.WriteAsync(async (connection, transaction) =>
        {
            await connection.ExecuteAsync("delete from workflow_duties where holder = @instance", new { instance }, transaction);
            return await connection.ExecuteAsync("delete from workflow_nodes where instance = @instance", new { instance }, transaction);
        }, cancellationToken);

    /// <summary>
    /// Takes or keeps what only one node may do, for <paramref name="term"/> from now by the database's clock. False while
    /// another holds it. Whoever dies loses it when the term ends.
    /// </summary>
    public Task<bool> HoldDutyAsync(string duty, string instance, TimeSpan term, CancellationToken cancellationToken = default) =>
        Database.WriteAsync(async (connection, transaction) => await connection.ExecuteAsync(
            $"""
            insert into workflow_duties (name, holder, held_since, held_until)
            values (@duty, @instance, {Database.Now}, {Database.Now} + @Term)
            on conflict (name) do update
            set holder = excluded.holder, held_until = excluded.held_until,
                held_since = case when workflow_duties.holder = excluded.holder then workflow_duties.held_since else excluded.held_since end
            where workflow_duties.holder = excluded.holder or workflow_duties.held_until < excluded.held_since
            """, new { duty, instance, Term = Milliseconds(term) }, transaction) == 1, cancellationToken);

    /// <summary>All nodes, living and lost, by name.</summary>
    public Task<IReadOnlyList<WorkflowNode>> ListNodesAsync(CancellationToken cancellationToken = default) =>
        Database.ReadAsync<IReadOnlyList<WorkflowNode>>(async connection =>
        {
            var rows = await connection.QueryAsync<NodeRow>(
                $"""
                select n.name as Name, n.instance as Instance, n.address as Address, n.machine as Machine, n.process_id as ProcessId,
                       n.parallelism as Parallelism, n.started_at as StartedAt, n.seen_at as SeenAt,
                       case when n.seen_at >= {Database.Now} - @Lifetime then 1 else 0 end as IsAlive,
                       (select coalesce(sum(e.places), 0) from activity_executions e where e.owner is not null and e.status = 'Running' and e.node = n.name) as RunningSteps
                from workflow_nodes n
                order by n.name
                """, new { Lifetime = Milliseconds(NodeLifetime) });
            var duties = (await connection.QueryAsync<(string Holder, string Name)>(
                $"select holder, name from workflow_duties where held_until >= {Database.Now} order by name")).ToLookup(duty => duty.Holder, duty => duty.Name);
            return [.. rows.Select(row => row.ToNode([.. duties[row.Instance]]))];
        }, cancellationToken);

    /// <summary>Asks the database for nothing, to see whether it answers.</summary>
    /// <exception cref="WorkflowException">It cannot be opened; says which and why.</exception>
    public Task PingAsync(CancellationToken cancellationToken = default) =>
        Database.ReadAsync(connection => connection.ExecuteScalarAsync<long>(new CommandDefinition("select 1", cancellationToken: cancellationToken)), cancellationToken);

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;

    private sealed record NodeRow
    {
        public string Name { get; init; } = "";
        public string Instance { get; init; } = "";
        public string Address { get; init; } = "";
        public string Machine { get; init; } = "";
        public long ProcessId { get; init; }
        public int Parallelism { get; init; }
        public long StartedAt { get; init; }
        public long SeenAt { get; init; }
        public int IsAlive { get; init; }
        public long RunningSteps { get; init; }

        public WorkflowNode ToNode(IReadOnlyList<string> duties) => new()
        {
            Name = Name,
            Instance = Instance,
            Address = Address,
            Machine = Machine,
            ProcessId = ProcessId,
            Parallelism = Parallelism,
            StartedAt = Clock.ToTime(StartedAt),
            SeenAt = Clock.ToTime(SeenAt),
            IsAlive = IsAlive == 1,
            RunningSteps = (int)RunningSteps,
            Duties = duties,
        };
    }
}
