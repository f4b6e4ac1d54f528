using TorchSharp;
using Workbench.Core.Tests.Registry;
using Workbench.LanguageModels;
using Workbench.LanguageModels.FineTuning;
using Workbench.Training;
using static TorchSharp.torch;

namespace Workbench.Core.Tests.LanguageModels.FineTuning;

public sealed class FineTunerTests : IDisposable
{
    private static readonly FineTuningOptions Fast = new() { Context = 16, BatchSize = 6, Epochs = 8, LearningRate = 0.01, WarmupSteps = 5, Threads = 1 };
    private readonly TemporaryFolder _folder = new();

    public FineTunerTests() => TorchRuntime.EnsureAvailable();

    [Fact]
    public void Run_FromScratchThenAdapter_LearnsTheNewAndSaysWhatItForgot()
    {
        var (old, current) = (TinyModels.Language(3), TinyModels.Language(5));
        using var model = TinyModels.Gpt2();
        var learned = new FineTuner(model, Fast).Run(old);
        Assert.True(learned.NewAfter.Value < learned.NewBefore.Value / 3, $"{learned.NewBefore.Value} -> {learned.NewAfter.Value}");
        Assert.Null(learned.Forgetting);
        Assert.True(learned.IsWithinBound);

        using var adapter = LoraAdapter.Create(model, new() { Rank = 4 });
        var tuned = new FineTuner(model, Fast with { MaxForgetting = 0.1 }, adapter).Run(current, old);

        Assert.Equal(learned.NewAfter.Value, tuned.OldBefore!.Value, 1e-9);
        Assert.True(tuned.Gain > 0.2, $"{tuned.Gain}");
        Assert.True(tuned.Forgetting > 0.1, $"{tuned.Forgetting}");   // the languages contradict each other
        Assert.False(tuned.IsWithinBound);
        Assert.Equal(adapter.ParameterCount, tuned.TrainedParameters);
        adapter.Detach();
        Assert.Equal(tuned.OldBefore.Value, Perplexity.Measure(model, old.HeldOut, 16, batchSize: 6).Value, 1e-9);

        using var replayed = LoraAdapter.Create(model, new() { Rank = 4 });
        var careful = new FineTuner(model, Fast with { ReplayShare = 0.5 }, replayed).Run(current, old);
        Assert.True(careful.Forgetting < tuned.Forgetting / 2, $"{careful.Forgetting} of {tuned.Forgetting}");
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Run_InterruptedAndResumed_GivesTheSameBits(bool withAdapter, bool recomputes)
    {
        var options = Fast with { Epochs = 4, RecomputesBlocks = recomputes };
        Dictionary<string, byte[]> Weights(bool interrupted)
        {
            var kept = options with { Checkpoints = new() { Folder = Path.Combine(_folder.Path, $"{withAdapter} {recomputes} {interrupted}"), EverySteps = 3 } };
            (CausalLanguageModel, LoraAdapter?) Fresh()
            {
                var model = TinyModels.Gpt2(dropout: 0.1);
                return (model, withAdapter ? LoraAdapter.Create(model, new() { Rank = 2, Dropout = 0.1 }) : null);
            }
            var text = TinyModels.Language(3);
            if (interrupted)
            {
                var (begun, first) = Fresh();
                using var cancelled = new CancellationTokenSource();
                var progress = new Reporter(value => { if (value is TrainingEvent.CheckpointWritten { Step: 9 }) cancelled.Cancel(); });
                Assert.ThrowsAny<OperationCanceledException>(() => new FineTuner(begun, kept, first).Run(text, progress: progress, cancellationToken: cancelled.Token));
                first?.Dispose();
                begun.Dispose();
            }
            var (model, adapter) = Fresh();
            long resumed = 0;
            new FineTuner(model, kept, adapter).Run(text, progress: new Reporter(value => resumed += value is TrainingEvent.Resumed ? value.Step : 0));
            Assert.Equal(interrupted ? 9 : 0, resumed);
            var weights = model.state_dict().ToDictionary(weight => weight.Key, weight => weight.Value.bytes.ToArray());
            adapter?.Dispose();
            model.Dispose();
            return weights;
        }
        var (straight, again) = (Weights(false), Weights(true));
        Assert.Equal(straight.Keys, again.Keys);
        Assert.All(straight, weight => Assert.Equal(weight.Value, again[weight.Key]));
    }

    [Fact]
    public void Run_TwoHalvesAccumulated_LearnsAsOneBatchDoes()
    {
        var documents = TinyModels.Random(64, 2, 24, seed: 3);
        var text = new TokenCorpus { Training = documents, HeldOut = documents.Take(4).ToList() };
        Dictionary<string, Tensor> After(int batchSize, int accumulation)
        {
            using var model = TinyModels.Gpt2();
            model.to(ScalarType.Float64);   // in Float32 Adam makes the rounding of small gradients large, by processor
            new FineTuner(model, Fast with { BatchSize = batchSize, AccumulationSteps = accumulation, Epochs = 1 }).Run(text);
            return model.state_dict().ToDictionary(weight => weight.Key, weight => weight.Value.clone());
        }
        using var scope = NewDisposeScope();
        var (one, two) = (After(8, 1), After(4, 2));
        Assert.All(one, weight => Assert.True(ReferenceModels.Difference(weight.Value, two[weight.Key]) <= 1e-6, $"{weight.Key} differs by {ReferenceModels.Difference(weight.Value, two[weight.Key])}"));
        using var fresh = TinyModels.Gpt2();
        Assert.True(ReferenceModels.Difference(one["transformer.wte.weight"], fresh.state_dict()["transformer.wte.weight"]) > 0.01);
    }

    [Fact]
    public void Run_BFloat16_LearnsNearlyAsMuch()
    {
        using var model = TinyModels.Llama();
        using var other = TinyModels.Llama();
        var few = Fast with { Epochs = 3 };
        var full = new FineTuner(model, few).Run(TinyModels.Language(3));
        var half = new FineTuner(other, few with { Precision = TrainingPrecision.BFloat16, RecomputesBlocks = true }).Run(TinyModels.Language(3));
        Assert.Equal(full.NewAfter.MeanLoss, half.NewAfter.MeanLoss, 0.15);
        Assert.NotEqual(full.NewAfter.MeanLoss, half.NewAfter.MeanLoss);
    }

    [Fact]
    public void Run_WrongUse_SaysWhatIsAllowed()
    {
        using var model = TinyModels.Gpt2();
        string message = Assert.Throws<ArgumentException>(() => new FineTuner(model, new() { BatchSize = 0, LearningRate = 0, MaxForgetting = -1 })).Message;
        Assert.Contains("BatchSize is 0", message);
        Assert.Contains("LearningRate is 0", message);
        Assert.Contains("MaxForgetting is -1", message);
        Assert.Contains("the model has 64 positions", Assert.Throws<ArgumentException>(() => new FineTuner(model, new() { Context = 65 })).Message);
        Assert.Contains("takes old text", Assert.Throws<ArgumentException>(() => new FineTuner(model, new() { MaxForgetting = 0.1 }).Run(TinyModels.Language(3))).Message);
        var foreign = new TokenCorpus { Training = [new() { Tokens = [1, 99] }], HeldOut = [new() { Tokens = [1, 2] }] };
        Assert.Contains("the token 99 and the model 17", Assert.Throws<ArgumentException>(() => new FineTuner(model, new()).Run(foreign)).Message);
        using var adapter = LoraAdapter.Create(model, new());
        adapter.Detach();
        Assert.Contains("not attached", Assert.Throws<ArgumentException>(() => new FineTuner(model, new(), adapter)).Message);
    }

    public void Dispose() => _folder.Dispose();

    private sealed class Reporter(Action<TrainingEvent> report) : IProgress<TrainingEvent>
    {
        public void Report(TrainingEvent value) => report(value);
    }
}
