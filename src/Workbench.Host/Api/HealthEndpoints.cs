using Workbench.Workflows.Storage;

namespace Workbench.Host.Api;

/// <summary>Whether the process lives, and whether it can do its work. Both are open to everyone.</summary>
internal static class HealthEndpoints
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/health/live", () => Results.Json(new { status = "live" }));
        endpoints.MapGet("/health/ready", ReadyAsync);
    }

    // 503 tells a balancer to ask another node; this one goes on by itself when the database answers again.
    private static async Task<IResult> ReadyAsync(WorkflowStore store, HostSettings settings, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await store.PingAsync(patience.Token);
            return Results.Json(new { status = "ready", node = settings.Node });
        }
        catch (Exception failure) when (ExpectedFailure.Is(failure))
        {
            return NotReady(settings, failure.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return NotReady(settings, $"The database ({settings.Folder.Address}) did not answer within {Patience.TotalSeconds:0} s.");
        }
    }

    private static IResult NotReady(HostSettings settings, string reason) =>
        Results.Json(new { status = "unavailable", node = settings.Node, reason }, statusCode: StatusCodes.Status503ServiceUnavailable);
}
