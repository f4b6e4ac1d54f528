using System.Collections.Concurrent;
using Workbench.Host.Activities;
using Workbench.Registry;
using Workbench.Serving.Sessions;

namespace Workbench.Host.Serving;

/// <summary>Keeps what is served equal to what the registry calls champion, whichever process moved the alias.</summary>
internal sealed partial class ChampionWatcher(ModelRegistry registry, ServedModels served, HostSettings settings, ILogger<ChampionWatcher> logger) : BackgroundService
{
    private readonly ConcurrentDictionary<(string Model, int Version), string> _refused = [];

    /// <summary>Why a champion could not be served, or null; the version before it stays live then.</summary>
    public string? ProblemOf(string model, int version) => _refused.GetValueOrDefault((model, version));

    /// <summary>Looks once, and swaps what changed.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        foreach (var model in await registry.ListModelsAsync(cancellationToken))
        {
            if (!model.Aliases.TryGetValue(ChampionGate.Champion, out int champion) || _refused.ContainsKey((model.Name, champion)) || served.VersionOf(model.Name) == champion)
                continue;
            await SwapAsync(model.Name, champion, cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(settings.ChampionInterval);
        do
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception failure) when (ExpectedFailure.Is(failure))
            {
                LogLookFailed(failure.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task SwapAsync(string name, int champion, CancellationToken cancellationToken)
    {
        var version = await registry.GetVersionAsync(name, champion, cancellationToken);
        try
        {
            served.Activate(name, champion, await registry.Artifacts.ReadVerifiedAsync(version.File(ModelFiles.Onnx).ArtifactId, cancellationToken), version.ToString());
            LogSwapped(name, champion);
        }
        catch (WorkbenchException failure)
        {
            _refused[(name, champion)] = failure.Message;
            LogRefused(name, champion, failure.Message);
        }
    }

    [LoggerMessage(1001, LogLevel.Information, "Serving {Model} v{Version}")]
    private partial void LogSwapped(string model, int version);

    [LoggerMessage(1002, LogLevel.Error, "Cannot serve {Model} v{Version}, the version before it stays live: {Reason}")]
    private partial void LogRefused(string model, int version, string reason);

    [LoggerMessage(1003, LogLevel.Warning, "Could not look for champions: {Reason}")]
    private partial void LogLookFailed(string reason);
}
