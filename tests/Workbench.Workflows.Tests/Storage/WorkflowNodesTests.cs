using Microsoft.Extensions.Time.Testing;

namespace Workbench.Workflows.Storage;

/// <summary>Which nodes there are, and which of them does what only one may do.</summary>
public class WorkflowNodesTests
{
    private static readonly TimeSpan Term = TimeSpan.FromSeconds(5);
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2025, 4, 8, 0, 0, 0, TimeSpan.Zero));

    protected virtual DatabaseKind Kind => DatabaseKind.Sqlite;

    [Fact]
    public async Task BeatNode_Living_IsListedWithItsDuties()
    {
        await using var test = await TestStore.CreateAsync(_time, Kind);
        Assert.True(await test.Store.BeatNodeAsync(Node("b", "2")));
        Assert.True(await test.Store.BeatNodeAsync(Node("a", "1")));
        Assert.True(await test.Store.HoldDutyAsync("monitoring", "1", Term));
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.True(await test.Store.BeatNodeAsync(Node("a", "1")));

        var nodes = await test.Store.ListNodesAsync();
        Assert.Equal([("a", true, 3.0), ("b", true, 0.0)], nodes.Select(node => (node.Name, node.IsAlive, (node.SeenAt - node.StartedAt).TotalSeconds)));
        Assert.Equal(["monitoring"], nodes[0].Duties);
        Assert.Empty(nodes[1].Duties);
        Assert.Equal(("http://127.0.0.1:8080", 4), (nodes[0].Address, nodes[0].Parallelism));
    }

    [Fact]
    public async Task BeatNode_NameOfALivingNode_IsRefusedUntilThatIsLost()
    {
        await using var test = await TestStore.CreateAsync(_time, Kind);
        Assert.True(await test.Store.BeatNodeAsync(Node("a", "1")));
        _time.Advance(WorkflowStore.NodeLifetime);
        Assert.False(await test.Store.BeatNodeAsync(Node("a", "2")));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(Assert.Single(await test.Store.ListNodesAsync()).IsAlive);
        Assert.True(await test.Store.BeatNodeAsync(Node("a", "2")));
        Assert.False(await test.Store.BeatNodeAsync(Node("a", "1")));
        Assert.Equal("2", Assert.Single(await test.Store.ListNodesAsync()).Instance);
    }

    [Fact]
    public async Task HoldDuty_OfManyAtOnce_OneHasIt()
    {
        await using var test = await TestStore.CreateAsync(_time, Kind);
        var held = await Task.WhenAll(Enumerable.Range(0, 8).Select(node => Task.Run(() => test.Store.HoldDutyAsync("monitoring", $"{node}", Term))));
        Assert.Single(held, one => one);
    }

    [Fact]
    public async Task HoldDuty_HolderDies_AnotherHasItWhenTheTermEnds()
    {
        await using var test = await TestStore.CreateAsync(_time, Kind);
        Assert.True(await test.Store.HoldDutyAsync("monitoring", "1", Term));
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.True(await test.Store.HoldDutyAsync("monitoring", "1", Term)); // kept: five seconds from now
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.False(await test.Store.HoldDutyAsync("monitoring", "2", Term));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(await test.Store.HoldDutyAsync("monitoring", "2", Term));
        Assert.False(await test.Store.HoldDutyAsync("monitoring", "1", Term));
    }

    [Fact]
    public async Task RemoveNode_FreesNameAndDutiesAtOnce()
    {
        await using var test = await TestStore.CreateAsync(_time, Kind);
        await test.Store.BeatNodeAsync(Node("a", "1"));
        await test.Store.HoldDutyAsync("monitoring", "1", Term);
        await test.Store.RemoveNodeAsync("1");
        Assert.Empty(await test.Store.ListNodesAsync());
        Assert.True(await test.Store.HoldDutyAsync("monitoring", "2", Term));
        Assert.True(await test.Store.BeatNodeAsync(Node("a", "2")));
    }

    [Fact]
    public async Task BeatNode_LostForADay_IsForgotten()
    {
        await using var test = await TestStore.CreateAsync(_time, Kind);
        await test.Store.BeatNodeAsync(Node("a", "1"));
        _time.Advance(TimeSpan.FromDays(1) + TimeSpan.FromSeconds(1));
        await test.Store.BeatNodeAsync(Node("b", "2"));
        Assert.Equal(["b"], (await test.Store.ListNodesAsync()).Select(node => node.Name));
    }

    private static WorkflowNode Node(string name, string instance) => new()
    {
        Name = name, Instance = instance, Address = "http://127.0.0.1:8080", Machine = "m", ProcessId = 7, Parallelism = 4,
    };
}

/// <summary>The same in PostgreSQL.</summary>
public sealed class WorkflowNodesOnPostgresTests : WorkflowNodesTests
{
    protected override DatabaseKind Kind => DatabaseKind.PostgreSql;
}
