using Microsoft.Extensions.Time.Testing;
using Workbench.Registry;

namespace Workbench.Core.Tests.Registry;

public class ModelRegistryAliasTests : DatabaseTests
{
    private static readonly DateTimeOffset Start = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(Start);
    private ModelRegistry _registry = null!; // set by SetUpAsync before any test

    protected override async Task SetUpAsync()
    {
        _registry = ModelRegistry.Open(Folder.Data, _clock);
        for (var version = 1; version <= 3; version++)
            await _registry.RegisterAsync(new NewModelVersion
            {
                Name = "churn",
                Files = new Dictionary<string, string> { ["model.onnx"] = Folder.Write("model.onnx", $"weights {version}") },
                DataHash = "d",
            });
    }

    private async Task SetAsync(int version)
    {
        await _registry.SetAliasAsync("churn", "champion", version, "test", $"set {version}");
        _clock.Advance(TimeSpan.FromDays(1));
    }

    private async Task<int> RollbackAsync()
    {
        var change = await _registry.RollbackAsync("churn", "champion", "test", "worse");
        _clock.Advance(TimeSpan.FromDays(1));
        return change.ToVersion;
    }

    [Fact]
    public async Task SetAliasAsync_MovesAndRecords()
    {
        Assert.Null(await _registry.GetAliasAsync("churn", "champion"));
        await SetAsync(1);
        await _registry.SetAliasAsync("churn", "champion", 3, "anna", "wanted to see", forced: true);
        Assert.Equal(3, (await _registry.GetAliasAsync("churn", "champion"))!.Version);
        Assert.Equal(["champion"], (await _registry.GetVersionAsync("churn", 3)).Aliases);

        var history = await _registry.HistoryAsync("churn");
        Assert.Equal([(null, 1, "test", false), (1, 3, "anna", true)], history.Select(change => (change.FromVersion, change.ToVersion, change.Actor, change.Forced)));
        Assert.Equal([1, 2], history.Select(change => change.Sequence));
        Assert.Equal(Start.AddDays(1), history[1].At);
        Assert.Equal("wanted to see", history[1].Reason);
    }

    [Fact]
    public async Task SetAliasAsync_RepeatedKey_ChangesNothing()
    {
        await _registry.SetAliasAsync("churn", "champion", 2, "engine", "passed", idempotencyKey: "run1/promote");
        await SetAsync(3);
        var again = await _registry.SetAliasAsync("churn", "champion", 2, "engine", "passed", idempotencyKey: "run1/promote");
        Assert.Equal(1, again.Sequence);
        Assert.Equal(3, (await _registry.GetAliasAsync("churn", "champion"))!.Version);
        Assert.Equal(2, (await _registry.HistoryAsync("churn")).Count);
    }

    [Fact]
    public async Task RollbackAsync_Chain_WalksBackAndNeverToABadVersion()
    {
        await SetAsync(1);
        await SetAsync(2);
        await SetAsync(3);
        Assert.Equal(2, await RollbackAsync());
        Assert.Equal(1, await RollbackAsync());
        var failure = await Assert.ThrowsAsync<RegistryException>(RollbackAsync);
        Assert.Contains("cannot be rolled back from version 1", failure.Message);
        Assert.Equal(1, (await _registry.GetAliasAsync("churn", "champion"))!.Version);
    }

    [Fact]
    public async Task RollbackAsync_AfterEarlierRollback_SkipsTheVersionRolledBackFrom()
    {
        await SetAsync(1);
        await SetAsync(2);
        Assert.Equal(1, await RollbackAsync());
        await SetAsync(3);
        Assert.Equal(1, await RollbackAsync()); // not 2, which was rolled back from
    }

    [Fact]
    public async Task RollbackAsync_SameVersionConfirmed_DoesNotStayOnIt()
    {
        await SetAsync(1);
        await SetAsync(2);
        await SetAsync(2);
        Assert.Equal(1, await RollbackAsync());
    }

    [Fact]
    public async Task RollbackAsync_RepeatedKey_RollsBackOnce()
    {
        await SetAsync(1);
        await SetAsync(2);
        await SetAsync(3);
        for (var i = 0; i < 2; i++)
            Assert.Equal(2, (await _registry.RollbackAsync("churn", "champion", "monitor", "alert", idempotencyKey: "event7")).ToVersion);
        Assert.Equal(2, (await _registry.GetAliasAsync("churn", "champion"))!.Version);
    }

    [Fact]
    public async Task RollbackAsync_AliasMovedOn_Refuses()
    {
        await SetAsync(1);
        await SetAsync(2);
        await SetAsync(3);
        var failure = await Assert.ThrowsAsync<RegistryException>(() =>
            _registry.RollbackAsync("churn", "champion", "monitor", "alert", fromVersion: 2));
        Assert.Contains("points at version 3 by now", failure.Message);
        Assert.Equal(3, (await _registry.HistoryAsync("churn")).Count);
    }

    [Fact]
    public async Task RollbackAsync_MisspeltAlias_SuggestsTheNearest()
    {
        await SetAsync(1);
        var failure = await Assert.ThrowsAsync<RegistryException>(() => _registry.RollbackAsync("churn", "chmapion", "test", "worse"));
        Assert.Contains("Did you mean 'champion'?", failure.Message);
    }

    [Fact]
    public async Task AliasAtAsync_AnswersWhoWasChampionThen()
    {
        await SetAsync(1); // at day 0
        await SetAsync(2); // at day 1
        await RollbackAsync(); // at day 2, to 1
        async Task<int?> AtDay(double day) => (await _registry.AliasAtAsync("churn", "champion", Start.AddDays(day)))?.Version;
        Assert.Null(await AtDay(-0.5));
        Assert.Equal(1, await AtDay(0));
        Assert.Equal(1, await AtDay(0.99));
        Assert.Equal(2, await AtDay(1));
        Assert.Equal(2, await AtDay(1.5));
        Assert.Equal(1, await AtDay(2));
        Assert.Equal(1, await AtDay(400));
        Assert.Null((await _registry.AliasAtAsync("churn", "challenger", Start.AddDays(1)))?.Version);
    }

    [Fact]
    public async Task SetAliasAsync_UnknownVersion_ChangesNothing()
    {
        await Assert.ThrowsAsync<RegistryException>(() => _registry.SetAliasAsync("churn", "champion", 9, "test", "typo"));
        Assert.Empty(await _registry.HistoryAsync("churn"));
        Assert.Empty((await _registry.ListModelsAsync())[0].Aliases);
    }

    [Fact]
    public async Task SetAliasAsync_ManyAtOnce_HistoryIsAnUnbrokenChain()
    {
        const int Writers = 4, Each = 10;
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            var registry = ModelRegistry.Open(Folder.Data, _clock);
            for (var i = 0; i < Each; i++)
                await registry.SetAliasAsync("churn", "champion", (writer + i) % 3 + 1, $"writer {writer}", "race");
        })));
        var history = await _registry.HistoryAsync("churn");
        // A move says what it found. With a write skew two would have found the same.
        Assert.Equal(Enumerable.Range(1, Writers * Each), history.Select(change => change.Sequence));
        Assert.Equal([null, .. history.SkipLast(1).Select(change => (int?)change.ToVersion)], history.Select(change => change.FromVersion));
        Assert.Equal(history[^1].ToVersion, (await _registry.GetAliasAsync("churn", "champion"))!.Version);
    }

    [Fact]
    public async Task RollbackAsync_SameKeyAtOnce_RollsBackOnce()
    {
        await SetAsync(1);
        await SetAsync(2);
        await SetAsync(3);
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() =>
            ModelRegistry.Open(Folder.Data, _clock).RollbackAsync("churn", "champion", "monitor", "alert", idempotencyKey: "event7"))));
        Assert.All(answers, answer => Assert.Equal(2, answer.ToVersion));
        Assert.Equal(4, (await _registry.HistoryAsync("churn")).Count);
    }
}
