using Workbench.Workflows.Storage;

namespace Workbench.Host.Api;

/// <summary>What steps have written, over all runs.</summary>
internal static class LogEndpoints
{
    public static void MapLogs(this IEndpointRouteBuilder endpoints) => endpoints.MapGet("/api/logs/search", SearchAsync);

    private static async Task<IResult> SearchAsync(
        WorkflowStore store, CancellationToken cancellationToken, string? text = null, string? workflow = null, string? run = null, UtcTime? since = null, int take = 100) =>
        string.IsNullOrEmpty(text)
            ? Results.Json(new { error = "Nothing to search for was given. Add ?text=... to the address." }, statusCode: StatusCodes.Status400BadRequest)
            : Results.Json(await store.SearchLogsAsync(text, new() { DefinitionId = workflow, RunId = run, Since = since?.Value, Take = Math.Clamp(take, 1, 1000) }, cancellationToken));
}
