using Workbench.Monitoring;
using Workbench.Registry;
using Workbench.Core.Tests.Registry;

namespace Workbench.Core.Tests.Monitoring;

public class AlertEngineTests : DatabaseTests
{
    private static readonly DateTimeOffset Start = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private ModelRegistry _registry = null!; // set by SetUpAsync before any test
    private PredictionLog _predictions = null!; // set by SetUpAsync before any test
    private LabelLog _labels = null!; // set by SetUpAsync before any test
    private int _lastId;

    private readonly MetricRule _rule = new()
    {
        Name = "churn-accuracy",
        Model = "churn",
        Below = 0.90,
        Window = TimeSpan.FromDays(1),
        For = TimeSpan.FromDays(2),
        MinimumRows = 10,
        Actions = ["retrain"],
    };

    protected override async Task SetUpAsync()
    {
        _registry = ModelRegistry.Open(Folder.Data);
        _predictions = PredictionLog.Open(Folder.Data);
        _labels = LabelLog.Open(Folder.Data);
        for (var i = 0; i < 2; i++)
            await _registry.RegisterAsync(new NewModelVersion
            {
                Name = "churn",
                Files = new Dictionary<string, string> { ["m"] = Folder.Write("m", $"{i}") },
                DataHash = "d",
            });
        await SetChampionAsync(1);
    }

    protected override async Task TearDownAsync()
    {
        if (_predictions is not null)
            await _predictions.DisposeAsync();
        if (_labels is not null)
            await _labels.DisposeAsync();
    }

    private Task SetChampionAsync(int version) => _registry.SetAliasAsync("churn", "champion", version, "test", "test");

    /// <summary>20 predictions of a version, 30 days old, whose labels arrive on a day; <paramref name="right"/> of them are right.</summary>
    private async Task LiveAsync(int day, int right, int version = 1, int rows = 20)
    {
        for (var i = 0; i < rows; i++)
        {
            var id = $"r{++_lastId}";
            await _predictions.AppendAsync(new PredictionRecord
            {
                Id = id,
                Model = "churn",
                Version = version,
                At = Start.AddDays(day - 30),
                Score = 0.5,
                Label = 1,
                Inputs = new Dictionary<string, object?>(),
            });
            await _labels.AppendAsync(new LabelRecord { Id = id, Model = "churn", Value = i < right ? 1 : 0, At = Start.AddDays(day) });
        }
        await _predictions.FlushAsync();
        await _labels.FlushAsync();
    }

    /// <summary>Each evaluation opens the engine anew, as after a restart.</summary>
    private async Task<string> EvaluateAsync(int day, params MetricRule[] rules)
    {
        var changes = await AlertEngine.Open(_registry).EvaluateAsync(rules.Length == 0 ? [_rule] : rules, Start.AddDays(day));
        return string.Join(" ", changes.Select(change => $"{change.State}:{change.Version}"));
    }

    private async Task<AlertStatus> StateAsync() => Assert.Single(await AlertEngine.Open(_registry).StatesAsync());

    [Fact]
    public async Task EvaluateAsync_AccuracyFallsAndRecovers_GoesThroughAllStates()
    {
        await LiveAsync(0, right: 18); // 0.90 is not below 0.90
        Assert.Equal("", await EvaluateAsync(0));
        await LiveAsync(1, right: 17);
        Assert.Equal("Pending:1", await EvaluateAsync(1));
        await LiveAsync(2, right: 17);
        Assert.Equal("", await EvaluateAsync(2));
        await LiveAsync(3, right: 16);
        Assert.Equal("Firing:1", await EvaluateAsync(3)); // crossed for exactly the 2 days of For
        await LiveAsync(4, right: 16);
        Assert.Equal("", await EvaluateAsync(4));
        await LiveAsync(5, right: 20);
        Assert.Equal("Resolved:1", await EvaluateAsync(5));

        var events = await AlertEngine.Open(_registry).EventsAsync();
        Assert.Equal([AlertState.Pending, AlertState.Firing, AlertState.Resolved], events.Select(alert => alert.State));
        var firing = events[1];
        Assert.Equal((0.8, 20, 0.90, true), (firing.Value, (int)firing.Rows, firing.Threshold, firing.FiresBelow));
        Assert.Equal((Start.AddDays(3), Start.AddDays(3)), (firing.At, firing.StartsAt));
        Assert.Equal(["retrain"], firing.Actions);
        Assert.Equal("churn-accuracy: accuracy of churn version 1 is 0.8 on 20 rows, threshold below 0.9: firing.", firing.Summary);
        Assert.Equal(3, events.Select(alert => alert.Id).Distinct().Count());
    }

    [Fact]
    public async Task EvaluateAsync_ManyNodesAtOnce_EachChangeHappensOnce()
    {
        await LiveAsync(1, right: 10);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => EvaluateAsync(1))));
        await LiveAsync(3, right: 10);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => EvaluateAsync(3))));
        var events = await AlertEngine.Open(_registry).EventsAsync();
        Assert.Equal([AlertState.Pending, AlertState.Firing], events.Select(alert => alert.State));
    }

    [Fact]
    public async Task EvaluateAsync_TooFewRows_StaysAsItIsAndSaysWhy()
    {
        await LiveAsync(1, right: 0, rows: 9);
        Assert.Equal("", await EvaluateAsync(1));
        var state = await StateAsync();
        Assert.Equal((AlertState.Inactive, 9, "No data: 9 labelled rows, and the rule wants 10."), (state.State, (int)state.Rows, state.Note));

        await LiveAsync(2, right: 0);
        Assert.Equal("Pending:1", await EvaluateAsync(2));
        Assert.Equal("", await EvaluateAsync(9)); // nothing arrived for a week: neither fires nor resolves
        Assert.Equal(AlertState.Pending, (await StateAsync()).State);
        await LiveAsync(10, right: 0);
        Assert.Equal("Firing:1", await EvaluateAsync(10));
    }

    [Fact]
    public async Task EvaluateAsync_ChampionChangesWhilePending_StartsAfresh()
    {
        await LiveAsync(1, right: 10);
        Assert.Equal("Pending:1", await EvaluateAsync(1));
        await SetChampionAsync(2);
        await LiveAsync(3, right: 10, version: 2);
        Assert.Equal("Inactive:1 Pending:2", await EvaluateAsync(3)); // not firing: the two days begin again
        Assert.Equal(Start.AddDays(3), (await StateAsync()).ActiveAt);
        await LiveAsync(5, right: 10, version: 2);
        Assert.Equal("Firing:2", await EvaluateAsync(5));
    }

    [Fact]
    public async Task EvaluateAsync_ChampionChangesWhileFiring_ResolvesTheOldVersion()
    {
        var atOnce = _rule with { For = TimeSpan.Zero };
        await LiveAsync(1, right: 10);
        Assert.Equal("Firing:1", await EvaluateAsync(1, atOnce));
        await SetChampionAsync(2);
        Assert.Equal("Resolved:1", await EvaluateAsync(1, atOnce)); // the old version's bad rows are no longer looked at
        var state = await StateAsync();
        Assert.Equal((AlertState.Inactive, 2, 0L), (state.State, state.Version, state.Rows));
    }

    [Fact]
    public async Task EvaluateAsync_Above_FiresOnHighValues()
    {
        var rule = _rule with { Below = null, Above = 0.5, For = TimeSpan.Zero };
        await LiveAsync(1, right: 10);
        Assert.Equal("", await EvaluateAsync(1, rule));
        await LiveAsync(2, right: 11);
        Assert.Equal("Firing:1", await EvaluateAsync(2, rule));
    }

    [Fact]
    public async Task EvaluateAsync_UnknownModel_SaysSoInTheState()
    {
        Assert.Equal("", await EvaluateAsync(1, _rule with { Model = "chrun" }));
        Assert.Equal("Unknown model 'chrun'. Did you mean 'churn'? Known: churn.", (await StateAsync()).Note);
    }

    [Fact]
    public async Task EvaluateAsync_UnsoundRule_Throws() =>
        await Assert.ThrowsAsync<ArgumentException>(() => EvaluateAsync(1, _rule with { Metric = "beauty" }));
}
