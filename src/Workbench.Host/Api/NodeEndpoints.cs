using Workbench.Workflows.Storage;

namespace Workbench.Host.Api;

/// <summary>The hosts that share the database.</summary>
internal static class NodeEndpoints
{
    public static void MapNodes(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/api/nodes", (WorkflowStore store, CancellationToken cancellationToken) => ListAsync(store, cancellationToken));

    public static async Task<IReadOnlyList<NodeView>> ListAsync(WorkflowStore store, CancellationToken cancellationToken) =>
        [.. (await store.ListNodesAsync(cancellationToken)).Select(NodeView.Of)];
}

/// <summary>A node as the API and the page show it.</summary>
internal sealed record NodeView(
    string Name, string State, string Address, string Machine, long ProcessId, int RunningSteps, int Parallelism, IReadOnlyList<string> Duties, DateTimeOffset StartedAt, DateTimeOffset SeenAt)
{
    public static NodeView Of(WorkflowNode node) => new(
        node.Name, node.IsAlive ? "alive" : "lost", node.Address, node.Machine, node.ProcessId, node.RunningSteps, node.Parallelism, node.Duties, node.StartedAt, node.SeenAt);
}
