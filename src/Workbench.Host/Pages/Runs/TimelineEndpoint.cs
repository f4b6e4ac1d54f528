using Workbench.Host.Activities;
using Workbench.Registry;

namespace Workbench.Host.Pages.Runs;

/// <summary>The timeline that a training's run keeps, as the file that other viewers open.</summary>
internal static class TimelineEndpoint
{
    public static void MapTimelines(this IEndpointRouteBuilder endpoints) => endpoints.MapGet("/training-runs/{id}/timeline.json", SendAsync);

    /// <summary>The file's address, relative to the host's root.</summary>
    public static string Address(string runId) => $"training-runs/{Uri.EscapeDataString(runId)}/timeline.json";

    private static async Task<IResult> SendAsync(string id, HttpContext context, ModelRegistry registry, CancellationToken cancellationToken)
    {
        try
        {
            var run = await registry.GetRunAsync(new RunId(id), cancellationToken);
            if (await RunTimeline.FindAsync(registry, run, cancellationToken) is not { } timeline)
                return Results.Text($"The run '{id}' keeps no timeline. Trainings of several ranks do, and those with --timeline.", statusCode: StatusCodes.Status404NotFound);
            context.Response.Headers.XContentTypeOptions = "nosniff";
            return Results.File(timeline, "application/json", $"timeline-{run.Id.Value}.json");
        }
        catch (RegistryException failure)
        {
            return Results.Text(failure.Message, statusCode: StatusCodes.Status404NotFound);
        }
    }
}
