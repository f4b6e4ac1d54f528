using Workbench.Host.Monitoring;
using Workbench.Monitoring;

namespace Workbench.Host.Api;

/// <summary>What the rules found, and what was done about it.</summary>
internal static class AlertEndpoints
{
    public static void MapAlerts(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/api/alerts", ListAsync);
        endpoints.MapGet("/api/alerts/states", (AlertEngine engine, CancellationToken cancellationToken) => engine.StatesAsync(cancellationToken));
        endpoints.MapGet("/api/alerts/{id}", ShowAsync);
    }

    /// <summary>The latest changes of state, oldest first.</summary>
    public static async Task<IReadOnlyList<AlertView>> ListAsync(AlertEngine engine, ReactionChannel reaction, CancellationToken cancellationToken, int take = 50)
    {
        var views = new List<AlertView>();
        foreach (var one in await engine.EventsAsync(Math.Clamp(take, 1, 500), cancellationToken))
            views.Add(await ViewAsync(one, reaction, cancellationToken));
        return views;
    }

    private static async Task<IResult> ShowAsync(string id, AlertEngine engine, ReactionChannel reaction, CancellationToken cancellationToken)
    {
        var found = (await engine.EventsAsync(10_000, cancellationToken)).FirstOrDefault(one => one.Id == id);
        return found is null
            ? Results.Json(new { error = $"There is no alert '{id}'. /api/alerts lists the latest." }, statusCode: 404)
            : Results.Json(await ViewAsync(found, reaction, cancellationToken));
    }

    private static async Task<AlertView> ViewAsync(AlertEvent one, ReactionChannel reaction, CancellationToken cancellationToken) => new(
        one.Id, one.Rule, one.Model, one.Version, one.State.ToString(), one.Value, one.Threshold, one.Rows, one.At, one.Summary,
        one.State == AlertState.Firing ? await reaction.DescribeAsync(one, cancellationToken) : "");
}

/// <summary>An alert event as the API and the page show it.</summary>
internal sealed record AlertView(
    string Id, string Rule, string Model, int? Version, string State, double? Value, double Threshold, long Rows, DateTimeOffset At, string Summary, string Action);
