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
        var decision = await new ChampionGate(registry).DecideAsync(TinyModel.Name, version.Version, new GateOptions());
        Assert.True(decision.Passed);
        Assert.Equal(GateReason.NoChampion, decision.Reason);
    }

    [Fact]
    public async Task DecideAsync_AgainstChampion_TellsBetterWorseAndItself()
    {
        var registry = ModelRegistry.Open(TinyModel.NewFolder());
        var poor = await TinyModel.RegisterAsync(registry, epochs: 1, seed: 1);
        var same = await TinyModel.RegisterAsync(registry, epochs: 1, seed: 1);
        var good = await TinyModel.RegisterAsync(registry, epochs: 30, seed: 1);
        var gate = new ChampionGate(registry);
        await registry.SetAliasAsync(TinyModel.Name, ChampionGate.Champion, poor.Version, "test", "first");

        // The same seed and data give the same weights: comparing a model with itself proves nothing.
        Assert.Equal(GateReason.IdenticalModel, (await gate.DecideAsync(TinyModel.Name, same.Version, new GateOptions())).Reason);
        var better = await gate.DecideAsync(TinyModel.Name, good.Version, new GateOptions());
        Assert.True(better.Passed, better.Message);
        Assert.Equal(GateReason.TooFewRows, (await gate.DecideAsync(TinyModel.Name, good.Version, new GateOptions { MinimumRows = 401 })).Reason);

        await registry.SetAliasAsync(TinyModel.Name, ChampionGate.Champion, good.Version, "test", "better");
        var worse = await gate.DecideAsync(TinyModel.Name, poor.Version, new GateOptions());
        Assert.Equal(GateReason.NotBetter, worse.Reason);
        Assert.Contains("is refused", worse.Message);
    }

    [Fact]
    public async Task DecideAsync_OneByteOfTheChampionChanged_RefusesToLoad()
    {
        var registry = ModelRegistry.Open(TinyModel.NewFolder());
        var champion = await TinyModel.RegisterAsync(registry, epochs: 1, seed: 1);
        var candidate = await TinyModel.RegisterAsync(registry, epochs: 2, seed: 2);
        await registry.SetAliasAsync(TinyModel.Name, ChampionGate.Champion, champion.Version, "test", "first");
        Corrupt(registry.Artifacts.PathOf(champion.File(ModelFiles.Onnx).ArtifactId));
        var failure = await Assert.ThrowsAsync<RegistryException>(() => new ChampionGate(registry).DecideAsync(TinyModel.Name, candidate.Version, new GateOptions()));
        Assert.Contains("damaged", failure.Message);
    }

    [Fact]
    public async Task DecideAsync_OptionsOutOfRange_ListsAllErrors()
    {
        var registry = ModelRegistry.Open(TinyModel.NewFolder());
        var failure = await Assert.ThrowsAsync<CommandException>(() => new ChampionGate(registry).DecideAsync("any", 1, new GateOptions { MinimumRows = 0, MinimumImprovement = 7 }));
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
