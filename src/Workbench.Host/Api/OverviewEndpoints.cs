using Workbench.Host.Monitoring;
using Workbench.Host.Serving;
using Workbench.Monitoring;
using Workbench.Registry;
using Workbench.Serving.Sessions;
using Workbench.Workflows.Storage;

namespace Workbench.Host.Api;

/// <summary>Everything that the front page shows, in one answer.</summary>
internal static class OverviewEndpoints
{
    public static void MapOverview(this IEndpointRouteBuilder endpoints) => endpoints.MapGet("/api/overview", ShowAsync);

    private static async Task<object> ShowAsync(
        ModelRegistry registry, ServedModels served, ChampionWatcher watcher, WorkflowStore workflows, AlertEngine alerts, ReactionChannel reaction, HostSettings settings, CancellationToken cancellationToken) => new
    {
        models = await ModelEndpoints.ListAsync(registry, served, watcher, cancellationToken),
        runs = await WorkflowEndpoints.RunsAsync(workflows, cancellationToken, take: 20),
        alerts = (await AlertEndpoints.ListAsync(alerts, reaction, cancellationToken, take: 20)).Reverse(),
        reports = Reports(settings.Folder.Reports),
        nodes = await NodeEndpoints.ListAsync(workflows, cancellationToken),
    };

    /// <summary>The report files, newest first.</summary>
    public static IEnumerable<ReportView> Reports(string folder) =>
        new DirectoryInfo(folder).EnumerateFiles("*.html").OrderByDescending(file => file.LastWriteTimeUtc)
            .Select(file => new ReportView(Path.GetFileNameWithoutExtension(file.Name), $"/reports/{Uri.EscapeDataString(file.Name)}", file.LastWriteTimeUtc));
}

/// <summary>A report file as the page lists it.</summary>
internal sealed record ReportView(string Name, string Href, DateTimeOffset At);
