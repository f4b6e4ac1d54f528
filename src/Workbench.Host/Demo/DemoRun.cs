using System.Diagnostics;
using System.Globalization;
using Workbench.Data;
using Workbench.Host.Demo.Stages;

namespace Workbench.Host.Demo;

/// <summary>One model's whole life on the sample data, each stage checked. The business clock is replayed: eight months pass in minutes.</summary>
internal sealed class DemoRun(DemoOptions options, IDemoOutput output)
{
    // The morning on which the first model is trained: labels of the months 1 to 12 that are known by then.
    private static readonly DateTimeOffset Start = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly IReadOnlyList<IDemoStage> Stages =
        [new TrainStage(), new PromoteStage(), new RefuseStage(), new ServeStage(), new HealStage(), new RollbackStage()];

    /// <summary>Runs every stage; the first that does not hold ends the run.</summary>
    /// <returns>0 when all hold, 1 otherwise.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var folder = NewFolder(options.DataFolder);
        Environment.SetEnvironmentVariable(DataFolder.EnvironmentVariable, folder.Path);
        var clock = new ReplayClock(Start);
        // For the notebook of the first stage; steps get the time at which they start.
        Environment.SetEnvironmentVariable(ReplayClock.EnvironmentVariable, Start.ToString("O", CultureInfo.InvariantCulture));
        await using var webhook = await WebhookSink.StartAsync(cancellationToken);
        DemoRules.Write(folder, webhook.Url);
        await using var host = await WorkbenchHost.StartAsync(Settings(folder, clock), cancellationToken);
        using var client = new HttpClient { BaseAddress = new Uri(host.Url) };
        var world = new DemoWorld(options, host, client, clock, webhook);
        if (!await PlayAsync(world, cancellationToken))
            return ExitCode.Failed;

        var report = Path.Combine(folder.Reports, "demo.html");
        await DemoReport.WriteAsync(world, report, cancellationToken);
        output.Finished(report, watch.Elapsed);
        if (options.Serve)
        {
            Console.Error.WriteLine($"The host is up at {host.Url}. Ctrl+C stops it.");
            await host.WaitForShutdownAsync(cancellationToken);
        }
        return ExitCode.Done;
    }

    private async Task<bool> PlayAsync(DemoWorld world, CancellationToken cancellationToken)
    {
        for (int i = 0; i < Stages.Count; i++)
        {
            var stage = Stages[i];
            try
            {
                var result = await output.StageAsync(i + 1, Stages.Count, stage.Title, progress => stage.RunAsync(world, progress, cancellationToken));
                world.Story.Stages.Add((stage.Title, result.Line));
            }
            catch (Exception failure) when (failure is DemoFailure or HttpRequestException || ExpectedFailure.Is(failure))
            {
                output.Failed(i + 1, stage.Title, failure.Message);
                return false;
            }
        }
        return true;
    }

    private HostSettings Settings(DataFolder folder, TimeProvider clock) => new()
    {
        Folder = folder, Clock = clock, Project = options.ProjectFolder, Url = $"http://127.0.0.1:{options.Port}",
        MonitoringInterval = null, ChampionInterval = TimeSpan.FromMilliseconds(100), LogLevel = LogLevel.Error,
    };

    private static DataFolder NewFolder(string path)
    {
        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
            throw new CommandException($"The folder '{path}' is not empty. The demo starts from nothing: give a new folder with --data, or leave the option out.");
        return new DataFolder(path).EnsureWritable();
    }
}
