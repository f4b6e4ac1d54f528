using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Workbench.Host.Activities;
using Workbench.Host.Monitoring;
using Workbench.Monitoring;
using Workbench.Registry;
using Workbench.Workflows.Model;

namespace Workbench.Host.Tests.Monitoring;

public sealed class ReactionChannelTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task SendAsync_ChampionOnProbation_RollsBackOnceAndStartsNothing()
    {
        var installation = await InstallationAsync(versions: 2);
        await PromoteAsync(installation, 1);
        await PromoteAsync(installation, 2);
        var channel = new ReactionChannel(installation, new MonitoringConfig());
        var alert = Firing("a1", version: 2);
        await channel.SendAsync(alert, TestContext.Current.CancellationToken);
        // Delivered again, as after a crash between the effect and its mark.
        await channel.SendAsync(alert, TestContext.Current.CancellationToken);
        Assert.Equal([1, 2, 1], (await installation.Registry.HistoryAsync("tiny")).Select(change => change.ToVersion));
        Assert.Empty(await installation.Workflows.ListRunsAsync());
    }

    [Fact]
    public async Task SendAsync_ChampionThatWasBroughtBack_StartsThePipelineOnce()
    {
        var installation = await InstallationAsync(versions: 2);
        await PromoteAsync(installation, 1);
        await PromoteAsync(installation, 2);
        await installation.Registry.RollbackAsync("tiny", ChampionGate.Champion, "test", "bad");
        var channel = new ReactionChannel(installation, new MonitoringConfig());
        await channel.SendAsync(Firing("a2", version: 1), TestContext.Current.CancellationToken);
        await channel.SendAsync(Firing("a2", version: 1), TestContext.Current.CancellationToken);
        Assert.Equal(3, (await installation.Registry.HistoryAsync("tiny")).Count);
        Assert.Equal("retrain", Assert.Single(await installation.Workflows.ListRunsAsync()).DefinitionId);
    }

    [Fact]
    public async Task SendAsync_ChampionBeyondProbation_StartsThePipeline()
    {
        var installation = await InstallationAsync(versions: 2);
        await PromoteAsync(installation, 1);
        await PromoteAsync(installation, 2);
        _clock.Advance(TimeSpan.FromDays(60));
        await new ReactionChannel(installation, new MonitoringConfig()).SendAsync(Firing("a3", version: 2), TestContext.Current.CancellationToken);
        Assert.Single(await installation.Workflows.ListRunsAsync());
    }

    private async Task<Installation> InstallationAsync(int versions)
    {
        var folder = TinyModel.NewFolder();
        var installation = await Installation.OpenAsync(folder, _clock);
        var file = Path.Combine(folder.Path, "model.onnx");
        await File.WriteAllTextAsync(file, "weights");
        for (int i = 0; i < versions; i++)
            await installation.Registry.RegisterAsync(new NewModelVersion { Name = "tiny", DataHash = "sha256:x", IdempotencyKey = null, Files = new Dictionary<string, string> { [ModelFiles.Onnx] = file } });
        await installation.Engine.PublishAsync(WorkflowDefinition.Parse(new JsonObject
        {
            ["definitionId"] = "retrain", ["name"] = "retrain",
            ["customProperties"] = new JsonObject { ["triggers"] = new JsonArray(new JsonObject { ["type"] = "metric", ["rule"] = "tiny-accuracy" }) },
            ["root"] = new JsonObject
            {
                ["id"] = "Flowchart1", ["type"] = "Elsa.Flowchart", ["version"] = 1,
                ["activities"] = new JsonArray(new JsonObject { ["id"] = "start", ["type"] = "Elsa.Start", ["version"] = 1 }), ["connections"] = new JsonArray(),
            },
        }));
        return installation;
    }

    private static Task PromoteAsync(Installation installation, int version) =>
        installation.Registry.SetAliasAsync("tiny", ChampionGate.Champion, version, "test", "promoted");

    private AlertEvent Firing(string id, int version) => new()
    {
        Id = id, Rule = "tiny-accuracy", Model = "tiny", Version = version, State = AlertState.Firing, Metric = "accuracy", Value = 0.5, Threshold = 0.9, FiresBelow = true,
        Rows = 300, At = _clock.GetUtcNow(), StartsAt = _clock.GetUtcNow(), Actions = ["rollback"], Note = "",
    };
}
