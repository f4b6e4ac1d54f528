using System.Globalization;
using Workbench.Data;
using Workbench.Features;
using Workbench.Host.Activities;
using Workbench.Registry;
using Workbench.Serving.Export;
using Workbench.Training;

namespace Workbench.Host.Demo.Stages;

/// <summary>A version trained on labels that a wrong join mixed up is forced to champion; the fall of its accuracy brings the version before it back.</summary>
internal sealed class RollbackStage : IDemoStage
{
    private static readonly DateTimeOffset Forcing = new(2025, 6, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Limit = new(2025, 8, 1, 0, 0, 0, TimeSpan.Zero);

    public string Title => "Roll back a bad version";

    public async Task<StageResult> RunAsync(DemoWorld world, IProgress<StageProgress> progress, CancellationToken cancellationToken)
    {
        await world.Replay.LiveUntilAsync(Forcing, enough: null, progress, cancellationToken);
        var good = await world.Host.Registry.GetAliasAsync(DemoWorld.Model, ChampionGate.Champion, cancellationToken) ?? throw new DemoFailure("there is no champion.");
        var bad = await RegisterWorseAsync(world, good, cancellationToken);
        await world.Host.Registry.SetAliasAsync(DemoWorld.Model, ChampionGate.Champion, bad.Version, "demo", "forced past the gate to show a rollback", forced: true, cancellationToken: cancellationToken);
        world.Story.Add(world.Clock.GetUtcNow(), "demo", $"v{bad.Version}, trained on mixed-up labels, forced to champion", $"v{bad.Version} forced");
        await DemoWorld.UntilAsync(async () => await world.ServedVersionAsync(cancellationToken) == bad.Version, TimeSpan.FromSeconds(20), $"Serving v{bad.Version}", cancellationToken);
        if (!await world.Replay.LiveUntilAsync(Limit, async () => await ChampionAsync(world, cancellationToken) != bad.Version, progress, cancellationToken))
            throw new DemoFailure($"v{bad.Version} is still champion on {Limit:yyyy-MM-dd}.");
        await DemoWorld.UntilAsync(async () => await world.ServedVersionAsync(cancellationToken) == good.Version, TimeSpan.FromSeconds(20), $"Serving v{good.Version} again", cancellationToken);
        ServeStage.NoFailedRequest(world);
        return await TellAsync(world, good, bad, cancellationToken);
    }

    private static async Task<StageResult> TellAsync(DemoWorld world, ModelVersion good, ModelVersion bad, CancellationToken cancellationToken)
    {
        var firing = (await world.AlertsAsync(cancellationToken)).Last(alert => (string?)alert["state"] == "Firing" && (int?)alert["version"] == bad.Version);
        var history = await world.Host.Registry.HistoryAsync(DemoWorld.Model, cancellationToken);
        var back = history[^1];
        if (!back.IsRollback || back.ToVersion != good.Version)
            throw new DemoFailure($"the last change made v{back.ToVersion} champion ({back.Reason}); a rollback to v{good.Version} was expected.");
        var (then, before) = (back.At.AddDays(-1), new DateTimeOffset(2025, 2, 1, 0, 0, 0, TimeSpan.Zero));
        int? early = (await world.Host.Registry.AliasAtAsync(DemoWorld.Model, ChampionGate.Champion, before, cancellationToken))?.Version;
        int? late = (await world.Host.Registry.AliasAtAsync(DemoWorld.Model, ChampionGate.Champion, then, cancellationToken))?.Version;
        if (early != 1 || late != bad.Version)
            throw new DemoFailure($"the history says v{early} was champion on {before:yyyy-MM-dd} and v{late} on {then:yyyy-MM-dd}; v1 and v{bad.Version} were.");
        double accuracy = (double)firing["value"]!;
        world.Story.Add(back.At, back.Actor, string.Create(CultureInfo.InvariantCulture, $"accuracy {accuracy:F4}: rolled back to v{good.Version}"), $"back to v{good.Version}");
        return new(string.Create(CultureInfo.InvariantCulture,
            $"v{bad.Version} forced on {Forcing:yyyy-MM-dd}, accuracy {accuracy:F4}, rolled back to v{good.Version} on {back.At:yyyy-MM-dd} by {back.Actor}; " +
            $"{history.Count} changes in the history; champion was v{early} on {before:yyyy-MM-dd}, v{late} on {then:yyyy-MM-dd}"),
            new Dictionary<string, object?> { ["forced"] = bad.Version, ["accuracy"] = accuracy, ["champion"] = good.Version, ["rolledBackAt"] = back.At, ["changes"] = history.Count });
    }

    private static async Task<int?> ChampionAsync(DemoWorld world, CancellationToken cancellationToken) =>
        (await world.Host.Registry.GetAliasAsync(DemoWorld.Model, ChampionGate.Champion, cancellationToken))?.Version;

    private static async Task<ModelVersion> RegisterWorseAsync(DemoWorld world, ModelVersion good, CancellationToken cancellationToken)
    {
        using var folder = new ScratchFolder();
        var rowsFolder = Directory.CreateDirectory(Path.Combine(folder.Path, "rows")).FullName;
        await VersionFolder.MaterialiseAsync(world.Host.Registry, good, ModelFiles.Reference, rowsFolder, cancellationToken);
        var rows = TabularData.Load(rowsFolder);
        // Each label comes from the next row, as after a join that lost its key.
        var mixed = rows with { Labels = [.. rows.Labels.Skip(1), rows.Labels[0]] };
        var (training, validation) = TabularSplit.ByHash(mixed, salt: "validation");
        var trained = TabularTrainer.Fit(training, validation, new TabularTrainingOptions { MaxEpochs = 3, Seed = 1 }, cancellationToken: cancellationToken);
        var model = Path.Combine(folder.Path, ModelFiles.Onnx);
        OnnxExporter.Export(trained, model);
        return await world.Host.Registry.RegisterAsync(new NewModelVersion
        {
            Name = DemoWorld.Model, DataHash = good.DataHash, Description = "Labels mixed up on purpose, to show a rollback.",
            Files = new Dictionary<string, string> { [ModelFiles.Onnx] = model },
            Tags = new Dictionary<string, string> { [ModelFiles.WeightsHashTag] = trained.WeightsHash },
        }, cancellationToken);
    }
}
