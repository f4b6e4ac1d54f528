using Microsoft.Extensions.Time.Testing;
using Workbench.Registry;

namespace Workbench.Core.Tests.Registry;

public class ModelRegistryRunTests : DatabaseTests
{
    private static readonly DateTimeOffset Start = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(Start);
    private ModelRegistry _registry = null!; // set by SetUpAsync before any test

    protected override Task SetUpAsync()
    {
        _registry = ModelRegistry.Open(Folder.Data, _clock);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task StartRunAsync_ThenEnd_KeepsEverythingLogged()
    {
        var run = await _registry.StartRunAsync("churn", "first", new Dictionary<string, string> { ["stage"] = "try" });
        await _registry.LogParameterAsync(run.Id, "lr", "0.1");
        await _registry.LogMetricAsync(run.Id, "accuracy", 0.5, step: 1);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await _registry.LogMetricAsync(run.Id, "accuracy", 0.75, step: 2);
        await _registry.SetTagAsync(run.Id, "stage", "good");
        await _registry.EndRunAsync(run.Id);

        var read = await ModelRegistry.Open(Folder.Data, _clock).GetRunAsync(run.Id);
        Assert.Equal(RunStatus.Finished, read.Status);
        Assert.Equal(Start, read.StartedAt);
        Assert.Equal(Start.AddMinutes(1), read.EndedAt);
        Assert.Equal("0.1", read.Parameters["lr"]);
        Assert.Equal(0.75, read.Metrics["accuracy"]);
        Assert.Equal("good", read.Tags["stage"]);
        Assert.Equal(
            [new MetricPoint(0.5, 1, Start), new MetricPoint(0.75, 2, Start.AddMinutes(1))],
            await _registry.GetMetricHistoryAsync(run.Id, "accuracy"));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(-0.1)]
    public async Task LogMetricAsync_AnyDouble_ComesBack(double value)
    {
        var run = await _registry.StartRunAsync("churn");
        await _registry.LogMetricAsync(run.Id, "loss", value);
        Assert.Equal(value, (await _registry.GetRunAsync(run.Id)).Metrics["loss"]);
    }

    [Fact]
    public async Task LogMetricAsync_ManyAtOnce_LosesNone()
    {
        var run = await _registry.StartRunAsync("churn");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 10; i++)
                await _registry.LogMetricAsync(run.Id, "loss", writer * 10 + i);
        })));
        Assert.Equal(Enumerable.Range(0, 40).Select(value => (double)value), (await _registry.GetMetricHistoryAsync(run.Id, "loss")).Select(point => point.Value).Order());
    }

    [Fact]
    public async Task LogParameterAsync_OtherValue_RefusesAndNamesBoth()
    {
        var run = await _registry.StartRunAsync("churn");
        await _registry.LogParameterAsync(run.Id, "lr", "0.1");
        await _registry.LogParameterAsync(run.Id, "lr", "0.1");
        var failure = await Assert.ThrowsAsync<RegistryException>(() => _registry.LogParameterAsync(run.Id, "lr", "0.2"));
        Assert.Contains("'0.1'", failure.Message);
        Assert.Contains("'0.2'", failure.Message);
    }

    [Fact]
    public async Task GetOrCreateExperimentAsync_Twice_IsTheSame()
    {
        Assert.Equal(await _registry.GetOrCreateExperimentAsync("churn"), await _registry.GetOrCreateExperimentAsync("churn"));
        Assert.Equal("0", (await _registry.GetOrCreateExperimentAsync("Default")).Id);
    }

    [Fact]
    public async Task ListLatestRunsAsync_OfSeveralExperiments_TakesTheNewestFinishedWithTheNote()
    {
        async Task<RunId> RunAsync(string experiment, RunStatus status, params string[] notes)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            var run = await _registry.StartRunAsync(experiment, tags: notes.ToDictionary(note => note, _ => "x"));
            if (status != RunStatus.Running)
                await _registry.EndRunAsync(run.Id, status);
            return run.Id;
        }
        await RunAsync("a", RunStatus.Finished, "report");
        var newest = await RunAsync("a", RunStatus.Finished, "report", "other");
        await RunAsync("a", RunStatus.Finished, "other");
        await RunAsync("a", RunStatus.Failed, "report");
        await RunAsync("a", RunStatus.Running, "report");
        var only = await RunAsync("b", RunStatus.Finished, "report");
        await RunAsync("c", RunStatus.Finished);
        var latest = await _registry.ListLatestRunsAsync("report");
        Assert.Equal([("a", newest), ("b", only)], latest.OrderBy(run => run.Key, StringComparer.Ordinal).Select(run => (run.Key, run.Value.Id)));
    }

    [Fact]
    public async Task EndJobAsync_WithRunsAtWork_EndsThoseOfTheJobOnly()
    {
        var done = await _registry.StartRunAsync("churn", tags: new Dictionary<string, string> { [RunTags.Job] = "one" });
        await _registry.EndRunAsync(done.Id);
        var atWork = await _registry.StartRunAsync("churn", tags: new Dictionary<string, string> { [RunTags.Job] = "one" });
        var other = await _registry.StartRunAsync("churn", tags: new Dictionary<string, string> { [RunTags.Job] = "two" });
        await _registry.EndJobAsync("one", RunStatus.Failed, "rank 1 died");
        Assert.Equal(RunStatus.Finished, (await _registry.GetRunAsync(done.Id)).Status);
        Assert.Equal(RunStatus.Running, (await _registry.GetRunAsync(other.Id)).Status);
        var ended = await _registry.GetRunAsync(atWork.Id);
        Assert.Equal((RunStatus.Failed, "rank 1 died"), (ended.Status, ended.Tags[RunTags.Error]));
        Assert.NotNull(ended.EndedAt);
    }

    [Fact]
    public async Task ListRunsAsync_OfExperiment_NewestFirst()
    {
        var first = await _registry.StartRunAsync("churn");
        _clock.Advance(TimeSpan.FromSeconds(1));
        var second = await _registry.StartRunAsync("churn");
        var other = await _registry.StartRunAsync("other");
        Assert.Equal([second.Id, first.Id], (await _registry.ListRunsAsync("churn")).Select(run => run.Id));
        Assert.Equal(3, (await _registry.ListRunsAsync()).Count);
        Assert.Equal([other.Id], (await _registry.ListRunsAsync("other")).Select(run => run.Id));
        Assert.Single(await _registry.ListRunsAsync(limit: 1));
    }

    [Fact]
    public async Task ListRunsAsync_MisspeltExperiment_SuggestsTheNearest()
    {
        await _registry.StartRunAsync("churn");
        var failure = await Assert.ThrowsAsync<RegistryException>(() => _registry.ListRunsAsync("chrun"));
        Assert.Contains("Did you mean 'churn'?", failure.Message);
    }

    [Fact]
    public async Task LogMetricAsync_UnknownRun_NamesIt()
    {
        var failure = await Assert.ThrowsAsync<RegistryException>(() => _registry.LogMetricAsync(new RunId("nope"), "loss", 1));
        Assert.Contains("'nope'", failure.Message);
    }
}
