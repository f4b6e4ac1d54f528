using Workbench.Evaluation;
using Workbench.Host.Activities;
using Workbench.Registry;

namespace Workbench.Host.Tests.Activities;

public sealed class ChampionGateTests
{
    [Fact]
    public async Task DecideAsync_NoChampion_Passes()
    {
        var registry = ModelRegistry.Open(TinyModel.NewFolder());
        var version = await TinyModel.RegisterAsync(registry, epochs: 2, seed: 1);
        var decision = await new ChampionGate(registry).DecideAsync(TinyModel.Name, version.Version, new GateRules());
        Assert.True(decision.Passed);
        Assert.Equal(GateReason.NoChampion, decision.Reason);
    }

    [Fact]
    public async Task DecideAsync_AgainstChampion_TellsBetterWorseAndItself()
    {
        var registry = ModelRegistry.Open(TinyModel.NewFolder());
        var poor = await TinyModel.RegisterAsync(registry, epochs: 5, seed: 1, isMisled: true);
        var same = await TinyModel.RegisterAsync(registry, epochs: 5, seed: 1, isMisled: true);
        var good = await TinyModel.RegisterAsync(registry, epochs: 30, seed: 1);
        var gate = new ChampionGate(registry);
        await registry.SetAliasAsync(TinyModel.Name, ChampionGate.Champion, poor.Version, "test", "first");

        // The same seed and data give the same weights: comparing a model with itself proves nothing.
        Assert.Equal(GateReason.IdenticalModel, (await gate.DecideAsync(TinyModel.Name, same.Version, new GateRules())).Reason);
        var better = await gate.DecideAsync(TinyModel.Name, good.Version, new GateRules());
        Assert.True(better.Passed, better.Message);
        var few = await gate.DecideAsync(TinyModel.Name, good.Version, new GateRules { MinimumRows = 401 });
        Assert.Equal((false, GateReason.TooFewRows, GateOutcome.Inconclusive), (few.Passed, few.Reason, few.Outcome));

        await registry.SetAliasAsync(TinyModel.Name, ChampionGate.Champion, good.Version, "test", "better");
        var worse = await gate.DecideAsync(TinyModel.Name, poor.Version, new GateRules());
        Assert.Equal(GateReason.NotBetter, worse.Reason);
        Assert.Contains("is refused", worse.Message);
    }

    [Fact]
    public async Task DecideAsync_LimitsAndSlices_AreMeasuredOnTheCandidate()
    {
        var registry = ModelRegistry.Open(TinyModel.NewFolder());
        var poor = await TinyModel.RegisterAsync(registry, epochs: 1, seed: 1);
        var good = await TinyModel.RegisterAsync(registry, epochs: 30, seed: 1);
        var gate = new ChampionGate(registry);
        // Without a champion only the candidate's own limits count; no file has 1 byte, no answer takes less than a nanosecond.
        var large = await gate.DecideAsync(TinyModel.Name, poor.Version, new GateRules { SizeLimitBytes = 1, LatencyLimit = TimeSpan.FromTicks(1) });
        Assert.Equal(GateReason.TooSlow, large.Reason);
        Assert.Equal([GateReason.TooSlow, GateReason.TooLarge], large.Findings.Select(finding => finding.Reason));
        Assert.True((await gate.DecideAsync(TinyModel.Name, poor.Version, new GateRules { SizeLimitBytes = 1 << 30, LatencyLimit = TimeSpan.FromMinutes(1) })).Passed);

        await registry.SetAliasAsync(TinyModel.Name, ChampionGate.Champion, poor.Version, "test", "first");
        var better = await gate.DecideAsync(TinyModel.Name, good.Version, new GateRules { Metric = "roc_auc", Slices = ["colour"], Thresholds = [new("log_loss", 0.3, IsMinimum: false)], MinimumImprovement = -0.01 });
        Assert.True(better.Passed, better.Message);
        Assert.Equal("roc_auc", better.Metric);
        Assert.Null(better.CandidateAccuracy);
        Assert.Equal(2, better.Findings.Count(finding => finding.Reason == GateReason.SliceFell)); // red and blue, neither of which fell
        Assert.EndsWith("slices that did not fall: 2.", better.Message);
        var unknown = await Assert.ThrowsAsync<CommandException>(() => gate.DecideAsync(TinyModel.Name, good.Version, new GateRules { Metric = "acuracy" }));
        Assert.Contains("Did you mean 'accuracy'?", unknown.Message);
    }

    [Fact]
    public async Task DecideAsync_OneByteOfTheChampionChanged_RefusesToLoad()
    {
        var registry = ModelRegistry.Open(TinyModel.NewFolder());
        var champion = await TinyModel.RegisterAsync(registry, epochs: 1, seed: 1);
        var candidate = await TinyModel.RegisterAsync(registry, epochs: 2, seed: 2);
        await registry.SetAliasAsync(TinyModel.Name, ChampionGate.Champion, champion.Version, "test", "first");
        Corrupt(registry.Artifacts.PathOf(champion.File(ModelFiles.Onnx).ArtifactId));
        var failure = await Assert.ThrowsAsync<RegistryException>(() => new ChampionGate(registry).DecideAsync(TinyModel.Name, candidate.Version, new GateRules()));
        Assert.Contains("damaged", failure.Message);
    }

    [Fact]
    public async Task DecideAsync_OptionsOutOfRange_ListsAllErrors()
    {
        var registry = ModelRegistry.Open(TinyModel.NewFolder());
        var failure = await Assert.ThrowsAsync<CommandException>(() => new ChampionGate(registry).DecideAsync("any", 1, new GateRules { MinimumRows = 0, MinimumImprovement = 7 }));
        Assert.Contains("minimumRows is 0", failure.Message);
        Assert.Contains("minimumImprovement is 7", failure.Message);
    }

    internal static void Corrupt(string path)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
    }
}
