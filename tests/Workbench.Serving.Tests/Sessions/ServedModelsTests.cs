using Workbench.Data;
using Workbench.Serving.Sessions;

namespace Workbench.Serving.Tests.Sessions;

public sealed class ServedModelsTests : IDisposable
{
    private readonly ServedModels _models = new();

    [Fact]
    public void TryGet_Activated_GivesItByNameAndVersion()
    {
        _models.Activate("churn", 3, ChurnModels.FirstFile, "test");
        Assert.True(_models.TryGet("churn", null, out var any));
        Assert.True(_models.TryGet("churn", 3, out var third));
        Assert.Same(any.Served, third.Served);
        Assert.False(_models.TryGet("churn", 2, out _));
        Assert.False(_models.TryGet("other", null, out _));
        Assert.Equal(("churn", 3), (_models.Active[0].Name, _models.Active[0].Version));
        any.Dispose();
        third.Dispose();
    }

    [Fact]
    public void Activate_NextVersion_FreesTheOldOneOnlyAfterItsLastRequest()
    {
        var old = _models.Activate("churn", 1, ChurnModels.FirstFile, "test");
        Assert.True(_models.TryGet("churn", null, out var running));
        _models.Activate("churn", 2, ChurnModels.SecondFile, "test");

        Assert.False(old.IsReleased);
        Assert.Single(running.Model.Predict(ChurnModels.Row(1, 2, "plan-1", "region-1")));   // still works
        running.Dispose();
        running.Dispose();   // a second time changes nothing
        Assert.True(old.IsReleased);
        Assert.Throws<ObjectDisposedException>(() => running.Model.Predict(ChurnModels.Row(1, 2, "plan-1", "region-1")));

        Assert.True(_models.TryGet("churn", null, out var next));
        Assert.Equal(2, next.Served.Version);
        Assert.Equal(ChurnModels.Second.Predict(ChurnModels.Row(1, 2, "plan-1", "region-1"))[0],
            next.Model.Predict(ChurnModels.Row(1, 2, "plan-1", "region-1"))[0], 1e-5f);
        next.Dispose();
    }

    [Fact]
    public void Activate_DamagedVersion_KeepsTheOldOne()
    {
        var old = _models.Activate("churn", 1, ChurnModels.FirstFile, "test");
        Assert.Throws<DataException>(() => _models.Activate("churn", 2, ChurnModels.SecondFile[..500], "cut"));
        Assert.Throws<DataException>(() => _models.Activate("churn", 2, "/nowhere/model.onnx"));
        Assert.Same(old, Assert.Single(_models.Active));
        Assert.False(old.IsReleased);
    }

    [Fact]
    public void Deactivate_InService_TakesItOut()
    {
        var served = _models.Activate("churn", 1, ChurnModels.FirstFile, "test");
        Assert.True(_models.Deactivate("churn"));
        Assert.False(_models.Deactivate("churn"));
        Assert.True(served.IsReleased);
        Assert.Empty(_models.Active);
    }

    [Fact]
    public async Task Activate_WhileRequestsRun_NeverFreesASessionInUse()
    {
        _models.Activate("churn", 1, ChurnModels.FirstFile, "test");
        var row = ChurnModels.Row(30, 40, "plan-2", "region-3");
        float[] expected = [0, ChurnModels.First.Predict(row)[0], ChurnModels.Second.Predict(row)[0]];
        using var stop = new CancellationTokenSource();
        using var allAnswered = new CountdownEvent(4);
        // A thread each, and no swap before each has answered once: on a busy machine the swaps could be over before.
        var clients = Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(() =>
        {
            int answers = 0;
            for (; !stop.IsCancellationRequested; answers++)
            {
                Assert.True(_models.TryGet("churn", null, out var lease));
                using (lease)
                    Assert.Equal(expected[2 - lease.Served.Version % 2], lease.Model.Predict(row)[0], 1e-5f);
                if (answers == 0)
                    allAnswered.Signal();
            }
            return answers;
        }, TaskCreationOptions.LongRunning)).ToList();
        Assert.True(allAnswered.Wait(TimeSpan.FromSeconds(60)), "Not every client got an answer.");
        var served = new List<ServedModel>();
        for (int version = 2; version <= 60; version++)
            served.Add(_models.Activate("churn", version, version % 2 == 1 ? ChurnModels.FirstFile : ChurnModels.SecondFile, "test"));
        await stop.CancelAsync();
        int[] answers = await Task.WhenAll(clients);
        Assert.All(answers, count => Assert.True(count > 0));
        Assert.All(served.SkipLast(1), old => Assert.True(old.IsReleased));
        Assert.False(served[^1].IsReleased);
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("churn", 0)]
    public void Activate_WrongNameOrVersion_Throws(string name, int version) =>
        Assert.ThrowsAny<ArgumentException>(() => _models.Activate(name, version, ChurnModels.FirstFile, "test"));

    [Fact]
    public void Activate_AfterDispose_Throws()
    {
        _models.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _models.Activate("churn", 1, ChurnModels.FirstFile, "test"));
    }

    public void Dispose() => _models.Dispose();
}
