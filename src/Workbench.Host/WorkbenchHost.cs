using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.FileProviders;
using Workbench.Data;
using Workbench.Host.Activities;
using Workbench.Host.Api;
using Workbench.Host.Cluster;
using Workbench.Host.Designer;
using Workbench.Host.Monitoring;
using Workbench.Host.Pages;
using Workbench.Host.Pages.Runs;
using Workbench.Host.Scheduling;
using Workbench.Host.Serving;
using Workbench.Host.Triggers;
using Workbench.Monitoring;
using Workbench.Registry;
using Workbench.Serving.Protocol;
using Workbench.Serving.Sessions;
using Workbench.Workflows.Runtime;

namespace Workbench.Host;

/// <summary>A running host: pages and API, the engine's workers, schedules, serving and monitoring over one data folder.</summary>
internal sealed class WorkbenchHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WorkbenchHost(WebApplication app, HostSettings settings) => (_app, Settings) = (app, settings);

    public HostSettings Settings { get; }
    /// <summary>The address it listens on, with the port it got.</summary>
    public string Url => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
    public ModelRegistry Registry => _app.Services.GetRequiredService<ModelRegistry>();
    public MonitoringService Monitoring => _app.Services.GetRequiredService<MonitoringService>();
    public DriftMonitor Drift => _app.Services.GetRequiredService<DriftMonitor>();

    /// <summary>Opens the data folder and starts everything.</summary>
    /// <exception cref="CommandException">The port is in use, a living host has the node's name, or the monitoring configuration is wrong.</exception>
    /// <exception cref="DataException">The data folder cannot be written, or the database cannot be used.</exception>
    public static async Task<WorkbenchHost> StartAsync(HostSettings settings, CancellationToken cancellationToken = default)
    {
        settings.Folder.EnsureWritable();
        Directory.CreateDirectory(settings.Folder.Reports);
        var installation = await Installation.OpenAsync(settings.Folder, settings.Clock, cancellationToken);
        var app = Build(settings, installation, MonitoringConfig.Read(settings.Folder));
        var node = app.Services.GetRequiredService<NodeService>();
        try
        {
            await node.JoinAsync(cancellationToken);
            await app.StartAsync(cancellationToken);
        }
        catch (CommandException)
        {
            await app.DisposeAsync();
            throw;
        }
        catch (IOException failure) when (failure.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            await node.LeaveAsync(cancellationToken);
            await app.DisposeAsync();
            throw new CommandException($"{settings.Url} is in use by another program. Stop it, or choose another port with --port (0 picks a free one).");
        }
        return new WorkbenchHost(app, settings);
    }

    /// <summary>Returns when the process is told to stop.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellationToken = default) => _app.WaitForShutdownAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static WebApplication Build(HostSettings settings, Installation installation, MonitoringConfig monitoring)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseUrls(settings.Url);
        builder.Logging.ClearProviders().AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(settings.LogLevel)
            .AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error); // That the keys lie unencrypted in the data folder, as everything does.
        AddServices(builder.Services, settings, installation, monitoring);
        var app = builder.Build();
        app.UseErrorAnswers();
        if (settings.PathBase is { } path)
            app.UsePathBase(path).UseRouting();
        if (settings.ApiKey is { } key)
            app.UseApiKey(key, SignIn.AskAsync);
        app.UsePages();
        Map(app, settings);
        return app;
    }

    private static void AddServices(IServiceCollection services, HostSettings settings, Installation installation, MonitoringConfig monitoring)
    {
        services.AddSingleton(settings).AddSingleton(installation).AddSingleton(monitoring);
        services.AddSingleton(installation.Registry).AddSingleton(installation.Workflows).AddSingleton(installation.Engine);
        services.AddSingleton(_ => new StudioFiles(settings.StudioFolder));
        services.AddSingleton(_ => PredictionLog.Open(settings.Folder)).AddSingleton(_ => LabelLog.Open(settings.Folder));
        services.AddSingleton<ServedModels>().AddSingleton<IPredictionSink, LoggedPredictions>();
        services.AddHostedSingleton<NodeService>();
        services.AddHostedSingleton<ChampionWatcher>();
        services.AddSingleton(_ => AlertEngine.Open(installation.Registry, ChampionGate.Champion));
        services.AddSingleton<ReactionChannel>();
        services.AddSingleton(provider => AlertDispatcher.Open(settings.Folder, AlertChannels.Create(settings, monitoring, provider.GetRequiredService<ReactionChannel>())));
        services.AddSingleton(_ => MessageOutbox.Open(settings.Folder, monitoring.ToChannels().ForMessages(settings.Folder, AlertChannels.Client)));
        services.AddSingleton<DriftMonitor>().AddSingleton<DriftMetrics>().AddSingleton<MetricTriggers>();
        services.AddHostedSingleton<MonitoringService>();
        services.AddSingleton<IStepExecutor>(_ => StepProcesses.Create(settings));
        services.AddHostedService<EngineService>();
        services.AddSingleton<TriggerDesk>();
        services.AddWorkflowSchedules(installation.Workflows);
        services.AddPages(settings);
        services.ConfigureHttpJsonOptions(options => options.SerializerOptions.NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals);
    }

    private static void Map(WebApplication app, HostSettings settings)
    {
        app.MapHealth();
        app.Services.GetRequiredService<DriftMetrics>().Map(app);
        app.MapNodes();
        app.MapPages();
        app.MapSignIn(settings.ApiKey);
        app.MapStudio();
        app.MapDesignerApi();
        app.MapModels();
        app.MapWorkflows();
        app.MapPipelines();
        app.MapApprovals();
        app.MapTriggers();
        app.MapWebhooks();
        app.MapFlowRequests();
        app.MapAlerts();
        app.MapMessages();
        app.MapLogs();
        app.MapOverview();
        app.MapOpenInference(app.Services.GetRequiredService<ServedModels>(), app.Services.GetRequiredService<IPredictionSink>());
        app.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = new PhysicalFileProvider(settings.Folder.Reports), RequestPath = "/reports",
            OnPrepareResponse = report => report.Context.Response.Headers.ContentSecurityPolicy = NotebookReports.Sandbox,
        });
    }
}

internal static class HostedSingletonExtensions
{
    /// <summary>A service that runs in the background and can be asked as well.</summary>
    public static IServiceCollection AddHostedSingleton<T>(this IServiceCollection services) where T : class, IHostedService =>
        services.AddSingleton<T>().AddHostedService(provider => provider.GetRequiredService<T>());
}
