using Microsoft.Extensions.Time.Testing;
using Workbench.Registry;

namespace Workbench.Core.Tests.Registry;

public class ModelRegistryVersionTests : DatabaseTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private ModelRegistry _registry = null!; // set by SetUpAsync before any test

    protected override Task SetUpAsync()
    {
        _registry = ModelRegistry.Open(Folder.Data, _clock);
        return Task.CompletedTask;
    }

    private NewModelVersion New(string name = "churn", string content = "weights", string? key = null) => new()
    {
        Name = name,
        Files = new Dictionary<string, string> { ["model.onnx"] = Folder.Write($"in/{Guid.NewGuid():N}", content) },
        DataHash = "d1",
        IdempotencyKey = key,
    };

    [Fact]
    public async Task RegisterAsync_Everything_ComesBack()
    {
        var run = await _registry.StartRunAsync("churn");
        var registered = await _registry.RegisterAsync(New() with
        {
            NotebookHash = "n1",
            RunId = run.Id,
            Description = "first",
            Metrics = new Dictionary<string, double> { ["accuracy"] = 0.92, ["auc"] = double.NaN },
            Parameters = new Dictionary<string, string> { ["seed"] = "7" },
            Tags = new Dictionary<string, string> { ["team"] = "retention" },
        });
        var read = await ModelRegistry.Open(Folder.Data).GetVersionAsync("churn", 1);
        Assert.Equal(1, registered.Version);
        Assert.Equal(_clock.GetUtcNow(), read.CreatedAt);
        Assert.Equal(0.92, read.Metrics["accuracy"]);
        Assert.Equal(double.NaN, read.Metrics["auc"]);
        Assert.Equal("7", read.Parameters["seed"]);
        Assert.Equal("retention", read.Tags["team"]);
        Assert.Equal(("d1", "n1", run.Id, "first"), (read.DataHash, read.NotebookHash, read.RunId!.Value, read.Description));
        Assert.Equal(7, read.File("model.onnx").SizeBytes);
        Assert.Equal(Environment.ProcessorCount, read.Environment.CpuCount);
        Assert.Contains("Dapper", read.Environment.Packages.Keys);
        Assert.Empty(read.Aliases);
    }

    [Fact]
    public async Task RegisterAsync_RepeatedKey_ReturnsTheFirst()
    {
        var first = await _registry.RegisterAsync(New(key: "run1/train"));
        var again = await _registry.RegisterAsync(New(content: "other weights", key: "run1/train"));
        var next = await _registry.RegisterAsync(New(key: "run2/train"));
        Assert.Equal(1, again.Version);
        Assert.Equal(first.Files, again.Files);
        Assert.Equal(2, next.Version);
        Assert.Equal(1, (await _registry.RegisterAsync(New("other", key: "run1/train"))).Version);
    }

    [Fact]
    public async Task RegisterAsync_ParallelWriters_GetConsecutiveVersions()
    {
        const int Each = 15;
        var writers = new[] { ModelRegistry.Open(Folder.Data, _clock), ModelRegistry.Open(Folder.Data, _clock) };
        var versions = await Task.WhenAll(writers.Select(writer => Task.Run(async () =>
        {
            var own = new List<int>();
            for (var i = 0; i < Each; i++)
                own.Add((await writer.RegisterAsync(New(content: Guid.NewGuid().ToString()))).Version);
            return own;
        })));
        Assert.Equal(Enumerable.Range(1, 2 * Each), versions.SelectMany(own => own).Order());
        Assert.Equal(Enumerable.Range(1, 2 * Each), (await _registry.ListVersionsAsync("churn")).Select(version => version.Version));
    }

    [Fact]
    public async Task RegisterAsync_SameKeyAtOnce_IsOneVersion()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() =>
            ModelRegistry.Open(Folder.Data, _clock).RegisterAsync(New(content: Guid.NewGuid().ToString(), key: "run1/train")))));
        Assert.All(answers, answer => Assert.Equal(1, answer.Version));
        Assert.Equal(2, (await _registry.RegisterAsync(New())).Version);
    }

    [Fact]
    public async Task MaterialiseAsync_DamagedByte_Refuses()
    {
        var version = await _registry.RegisterAsync(New());
        var destination = Path.Combine(Folder.Path, "out");
        await _registry.MaterialiseAsync("churn", 1, destination);
        Assert.Equal("weights", await File.ReadAllTextAsync(Path.Combine(destination, "model.onnx")));

        await File.WriteAllTextAsync(_registry.Artifacts.PathOf(version.File("model.onnx").ArtifactId), "weighty");
        var failure = await Assert.ThrowsAsync<RegistryException>(() => _registry.MaterialiseAsync("churn", 1, destination));
        Assert.Contains("is damaged", failure.Message);
    }

    [Fact]
    public async Task GetVersionAsync_Unknown_ListsWhatIsKnown()
    {
        await _registry.RegisterAsync(New());
        await _registry.RegisterAsync(New());
        var model = await Assert.ThrowsAsync<RegistryException>(() => _registry.GetVersionAsync("chrun", 1));
        Assert.Equal("Unknown model 'chrun'. Did you mean 'churn'? Known: churn.", model.Message);
        var version = await Assert.ThrowsAsync<RegistryException>(() => _registry.GetVersionAsync("churn", 7));
        Assert.Equal("Model 'churn' has no version 7. Known, newest first: 2, 1.", version.Message);
        var file = Assert.Throws<RegistryException>(() => _registry.GetVersionAsync("churn", 1).GetAwaiter().GetResult().File("model.pt"));
        Assert.Contains("model.onnx", file.Message);
    }

    [Fact]
    public async Task GetVersionAsync_EmptyRegistry_SaysNoneIsKnown()
    {
        var failure = await Assert.ThrowsAsync<RegistryException>(() => _registry.GetVersionAsync("churn", 1));
        Assert.Contains("None is known yet.", failure.Message);
        Assert.Empty(await _registry.ListModelsAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("käse")]
    public async Task RegisterAsync_BadName_Refuses(string name) =>
        await Assert.ThrowsAsync<RegistryException>(() => _registry.RegisterAsync(New(name)));

    [Fact]
    public async Task RegisterAsync_NoFileOrPathOutside_Refuses()
    {
        await Assert.ThrowsAsync<RegistryException>(() => _registry.RegisterAsync(New() with { Files = new Dictionary<string, string>() }));
        var outside = New() with { Files = new Dictionary<string, string> { ["../x"] = Folder.Write("x", "x") } };
        await Assert.ThrowsAsync<RegistryException>(() => _registry.RegisterAsync(outside));
        Assert.Empty(await _registry.ListModelsAsync());
    }
}
