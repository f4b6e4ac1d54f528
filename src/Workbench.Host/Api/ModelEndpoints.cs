using Workbench.Host.Activities;
using Workbench.Host.Monitoring;
using Workbench.Host.Serving;
using Workbench.Monitoring;
using Workbench.Registry;
using Workbench.Serving.Sessions;

namespace Workbench.Host.Api;

/// <summary>Models, their versions, aliases and history; labels in, performance and drift out.</summary>
internal static class ModelEndpoints
{
    public static void MapModels(this IEndpointRouteBuilder endpoints)
    {
        var models = endpoints.MapGroup("/api/models");
        models.MapGet("/", ListAsync);
        models.MapGet("/{name}", ShowAsync);
        models.MapGet("/{name}/at", AtAsync);
        models.MapPost("/{name}/rollback", RollbackAsync);
        models.MapPost("/{name}/labels", LabelsAsync);
        models.MapGet("/{name}/performance", PerformanceAsync);
        models.MapPost("/{name}/drift", DriftAsync);
    }

    public static async Task<IReadOnlyList<ModelView>> ListAsync(ModelRegistry registry, ServedModels served, ChampionWatcher watcher, CancellationToken cancellationToken)
    {
        var views = new List<ModelView>();
        foreach (var model in await registry.ListModelsAsync(cancellationToken))
            views.Add(await ViewAsync(registry, served, watcher, model.Name, cancellationToken));
        return views;
    }

    private static async Task<object> ShowAsync(string name, ModelRegistry registry, ServedModels served, ChampionWatcher watcher, CancellationToken cancellationToken)
    {
        var view = await ViewAsync(registry, served, watcher, name, cancellationToken);
        return new { view.Name, view.Champion, view.Served, view.Problem, view.Versions, history = await registry.HistoryAsync(name, cancellationToken) };
    }

    private static async Task<object> AtAsync(string name, UtcTime time, ModelRegistry registry, CancellationToken cancellationToken, string alias = ChampionGate.Champion) =>
        new { name, alias, time, version = (await registry.AliasAtAsync(name, alias, time.Value, cancellationToken))?.Version };

    private static async Task<object> RollbackAsync(string name, ReasonBody body, ModelRegistry registry, CancellationToken cancellationToken)
    {
        var version = await registry.RollbackAsync(name, ChampionGate.Champion, body.Actor ?? "api", body.Reason, cancellationToken: cancellationToken);
        return new { name, champion = version.ToVersion };
    }

    private static async Task<object> LabelsAsync(string name, LabelsBody body, ModelRegistry registry, LabelLog log, HostSettings settings, CancellationToken cancellationToken)
    {
        await registry.ListVersionsAsync(name, cancellationToken);
        var now = settings.Clock.GetUtcNow();
        await log.AppendAsync([.. body.Labels.Select(label => new LabelRecord { Id = label.Id, Model = name, Value = label.Value, At = label.At?.Value ?? now })], cancellationToken);
        return new { accepted = body.Labels.Count };
    }

    private static Task<PerformanceWindow> PerformanceAsync(string name, UtcTime from, UtcTime to, MonitoringService monitoring, CancellationToken cancellationToken, int? version = null) =>
        monitoring.PerformanceAsync(name, version, from.Value, to.Value, cancellationToken);

    private static async Task<object> DriftAsync(string name, WindowBody body, DriftMonitor drift, CancellationToken cancellationToken)
    {
        var (report, file) = await drift.CheckAsync(name, body.From.Value, body.To.Value, cancellationToken);
        return new
        {
            drifted = report.Drifted.Select(column => column.Column),
            newCategories = report.Columns.SelectMany(column => column.NewCategories.Select(category => $"{column.Column}={category.Category}")),
            report = $"/reports/{Path.GetFileName(file)}",
        };
    }

    private static async Task<ModelView> ViewAsync(ModelRegistry registry, ServedModels served, ChampionWatcher watcher, string name, CancellationToken cancellationToken)
    {
        var versions = await registry.ListVersionsAsync(name, cancellationToken);
        int? champion = versions.FirstOrDefault(version => version.Aliases.Contains(ChampionGate.Champion))?.Version;
        return new(name, champion, served.VersionOf(name), champion is { } one ? watcher.ProblemOf(name, one) : null,
            [.. versions.Select(version => new VersionView(version.Version, version.CreatedAt, version.Aliases, version.Metrics, version.DataHash, version.Description))]);
    }
}

/// <summary>A model as the API and the page show it.</summary>
internal sealed record ModelView(string Name, int? Champion, int? Served, string? Problem, IReadOnlyList<VersionView> Versions);

/// <summary>A version as the API and the page show it.</summary>
internal sealed record VersionView(
    int Version, DateTimeOffset CreatedAt, IReadOnlyList<string> Aliases, IReadOnlyDictionary<string, double> Metrics, string DataHash, string? Description);

/// <summary>Why something is done, and by whom.</summary>
internal sealed record ReasonBody(string Reason, string? Actor = null);

/// <summary>A span of business time: from inclusive, to exclusive.</summary>
internal sealed record WindowBody(UtcTime From, UtcTime To);

/// <summary>Labels that became known.</summary>
internal sealed record LabelsBody(IReadOnlyList<LabelBody> Labels);

/// <param name="Id">Id of the request that was answered.</param>
/// <param name="Value">The true class.</param>
/// <param name="At">When it was known; the host's time when absent.</param>
internal sealed record LabelBody(string Id, int Value, UtcTime? At = null);
