using Workbench.Registry;
using Workbench.Training;

namespace Workbench.Core.Tests.Registry;

public sealed class TrainingLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Report_EventsOfATraining_BecomeMetricsByStep()
    {
        var token = TestContext.Current.CancellationToken;
        var registry = ModelRegistry.Open(_folder.Data);
        var run = await registry.StartRunAsync("churn", cancellationToken: token);
        await using (var log = new TrainingLog(registry, run.Id))
        {
            log.Report(new TrainingEvent.Progress { Step = 50, Epoch = 1, Loss = 0.5, LearningRate = 0.01, GradientNorm = null, RowsPerSecond = 1000, TotalSteps = 100 });
            log.Report(new TrainingEvent.Progress { Step = 100, Epoch = 2, Loss = 0.25, LearningRate = 0.005, GradientNorm = 2, RowsPerSecond = 1000, TotalSteps = 100 });
            log.Report(new TrainingEvent.Validated { Step = 100, Epoch = 2, Result = new(0.3, new Dictionary<string, double> { ["auc"] = 0.9 }), TrainingLoss = 0.25, IsBest = true, BestStep = 100 });
        }
        Assert.Equal([(0.5, 50), (0.25, 100)], (await registry.GetMetricHistoryAsync(run.Id, "training_loss", token)).Select(point => (point.Value, (int)point.Step)));
        var metrics = (await registry.GetRunAsync(run.Id, token)).Metrics;
        Assert.Equal((0.005, 2.0, 0.3, 0.9), (metrics["learning_rate"], metrics["gradient_norm"], metrics["validation_loss"], metrics["validation_auc"]));
    }

    [Fact]
    public async Task DisposeAsync_RunThatIsUnknown_SaysSo()
    {
        var log = new TrainingLog(ModelRegistry.Open(_folder.Data), RunId.New());
        log.Report(new TrainingEvent.Progress { Step = 1, Epoch = 1, Loss = 1, LearningRate = 1, GradientNorm = null, RowsPerSecond = 1, TotalSteps = null });
        await Assert.ThrowsAsync<RegistryException>(async () => await log.DisposeAsync());
    }
}
