using Workbench.Data;
using Workbench.Core.Tests.Registry;
using Workbench.Training;
using static TorchSharp.torch;

namespace Workbench.Core.Tests.Training.Loop;

[Collection(GeneratorCollection.Name)]
public sealed class TrainingLoopTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static readonly TrainingLoopOptions Quick = new() { MaxEpochs = 4, Optimizer = new() { LearningRate = 0.01 }, Threads = 1 };

    private sealed class Events : IProgress<TrainingEvent>
    {
        public List<TrainingEvent> All { get; } = [];

        public void Report(TrainingEvent value) => All.Add(value);
    }

    private static TensorBatches Batches(int rows = 512, int seed = 2, int batchSize = 32)
    {
        var (inputs, targets) = SmallProblem.Rows(rows, seed);
        return new([inputs, targets], batchSize);
    }

    private static (float[] Weights, TrainingOutcome Outcome) Train(
        TrainingLoopOptions options, IBatchSource? batches = null, bool validates = false, IProgress<TrainingEvent>? progress = null, CancellationToken cancellationToken = default, double dropout = 0.2)
    {
        using var network = SmallProblem.Network(1, dropout);
        var loop = new TrainingLoop(network, SmallProblem.Loss(network), options);
        var outcome = validates ? loop.Run(batches ?? Batches(), Batches(128, 3), progress, cancellationToken) : loop.Run(batches ?? Batches(), progress: progress, cancellationToken: cancellationToken);
        return (SmallProblem.Weights(network), outcome);
    }

    [Fact]
    public void Run_SmallProblem_Learns()
    {
        var events = new Events();
        var (_, outcome) = Train(Quick with { MaxEpochs = 30, LogEverySteps = 100 }, validates: true, progress: events, dropout: 0);
        Assert.InRange(outcome.Best!.Loss, 0, 0.02);   // the noise alone has a variance of 0.0002; always the mean would give about 0.5
        Assert.Equal(30 * 16, outcome.Steps);
        Assert.Equal(30, outcome.Epochs);
        Assert.Equal((30, 30, 5), (events.All.OfType<TrainingEvent.EpochEnded>().Count(), events.All.OfType<TrainingEvent.Validated>().Count(), events.All.OfType<TrainingEvent.Progress>().Count()));
        Assert.All(events.All.OfType<TrainingEvent.Progress>(), progress => Assert.Equal(480, progress.TotalSteps));
    }

    [Fact]
    public void Run_SameSeed_GivesTheSameBits()
    {
        Assert.Equal(Train(Quick).Weights, Train(Quick).Weights);
        Assert.NotEqual(Train(Quick).Weights, Train(Quick with { Seed = 7 }).Weights);
    }

    // The batches are averaged by their rows, the short last one too: the gradient of one batch of 4 x 30 rows.
    [Fact]
    public void Run_Accumulation_EqualsOneLargeBatch()
    {
        var options = Quick with { Optimizer = new() { Kind = OptimizerKind.Sgd, LearningRate = 0.05, WeightDecay = 0 } };
        var large = Train(options, Batches(500, batchSize: 120), dropout: 0);
        var accumulated = Train(options with { AccumulationSteps = 4 }, Batches(500, batchSize: 30), dropout: 0);
        Assert.Equal(large.Outcome.Steps, accumulated.Outcome.Steps);
        Assert.InRange(SmallProblem.LargestDifference(large.Weights, accumulated.Weights), 0, 1e-6);
    }

    // The formula is PyTorch's clip_grad_norm_, which TorchSharp has too.
    [Fact]
    public void Run_ClipNorm_EqualsTorchsOwn()
    {
        const double limit = 0.05;
        var batches = Batches(64, batchSize: 32);
        var clipped = Train(Quick with { ClipNorm = limit, MaxEpochs = 2, Optimizer = new() { Kind = OptimizerKind.Sgd, WeightDecay = 0, LearningRate = 0.1 } }, batches, dropout: 0).Weights;

        using var network = SmallProblem.Network(1);
        using var optimizer = optim.SGD(network.parameters(), 0.1);
        foreach (int epoch in new[] { 1, 2 })
            foreach (var batch in batches.Read(epoch, 0, CPU))
            {
                optimizer.zero_grad();
                SmallProblem.Loss(network)(batch).backward();
                nn.utils.clip_grad_norm_(network.parameters(), limit);
                optimizer.step();
            }
        Assert.InRange(SmallProblem.LargestDifference(SmallProblem.Weights(network), clipped), 0, 1e-6);
    }

    [Fact]
    public void Run_EarlyStopping_KeepsTheBestWeights()
    {
        var events = new Events();
        using var network = SmallProblem.Network(1);
        var loop = new TrainingLoop(network, SmallProblem.Loss(network), Quick with { MaxEpochs = 500, EarlyStopping = new() { Patience = 3 }, Optimizer = new() { LearningRate = 0.05 } });
        var validation = Batches(64, 3);
        var outcome = loop.Run(Batches(64), validation, events);
        var validated = events.All.OfType<TrainingEvent.Validated>().ToList();
        Assert.True(outcome.StoppedEarly);
        Assert.Equal(validated.MinBy(one => one.Result.Loss)!.Step, outcome.BestStep);
        Assert.Equal(outcome.BestStep + 3 * 2, outcome.Steps);   // two batches an epoch
        double loss = validation.Read(1, 0, CPU).Average(batch => SmallProblem.Loss(network)(batch).item<float>());
        Assert.Equal(outcome.Best!.Loss, loss, 1e-6);
        Assert.False(network.training);
    }

    [Theory]
    [InlineData(OptimizerEngine.Builtin)]
    [InlineData(OptimizerEngine.Flat)]
    [InlineData(OptimizerEngine.Fused)]
    public void Run_InterruptedAndResumed_GivesTheSameBits(OptimizerEngine engine)
    {
        var options = Quick with
        {
            MaxEpochs = 6, ClipNorm = 1, AccumulationSteps = 2, Schedule = LearningRateSchedule.Cosine(5), Optimizer = new() { LearningRate = 0.01, Engine = engine },
            EarlyStopping = new() { Patience = 50 },
        };
        var whole = Train(options, validates: true);
        var kept = options with { Checkpoints = new() { Folder = Path.Combine(_folder.Path, engine.ToString()), EverySteps = 5 } };
        foreach (int stopAfter in new[] { 7, 8, 23 })   // an epoch has 8 steps
        {
            using var stop = new CancellationTokenSource();
            int steps = 0;
            var source = new Counted(Batches(), () => { if (++steps == 2 * stopAfter) stop.Cancel(); });
            Assert.ThrowsAny<OperationCanceledException>(() => Train(kept, source, validates: true, cancellationToken: stop.Token));
        }
        var events = new Events();
        var resumed = Train(kept, validates: true, progress: events);
        Assert.Equal(30, Assert.Single(events.All.OfType<TrainingEvent.Resumed>()).Step);   // 7 -> 5, 5 + 8 = 13 -> 10, 10 + 23 = 33 -> 30
        Assert.Equal(whole.Weights, resumed.Weights);
        Assert.Equal(whole.Outcome, resumed.Outcome);
    }

    [Fact]
    public void Run_TruncatedCheckpoint_TakesTheOneBefore()
    {
        var options = Quick with { Checkpoints = new() { Folder = _folder.Path, EverySteps = 10 }, MaxSteps = 40 };
        var whole = Train(options);
        var newest = Directory.GetDirectories(_folder.Path).Order().ToList();
        Assert.Equal(["step-000000020", "step-000000030", "step-000000040"], newest.Select(path => Path.GetFileName(path)));
        using (var file = File.OpenWrite(Path.Combine(newest[2], "state.safetensors")))
            file.SetLength(file.Length - 1);
        byte[] json = File.ReadAllBytes(Path.Combine(newest[1], "state.json"));
        json[^20] ^= 1;
        File.WriteAllBytes(Path.Combine(newest[1], "state.json"), json);

        var events = new Events();
        Assert.Equal(whole.Weights, Train(options, progress: events).Weights);
        Assert.Equal(2, events.All.OfType<TrainingEvent.CheckpointDamaged>().Count());
        Assert.Equal(20, Assert.Single(events.All.OfType<TrainingEvent.Resumed>()).Step);
    }

    [Fact]
    public void Run_Checkpoints_KeepTheLastAndTheBest()
    {
        var options = Quick with { MaxEpochs = 12, Checkpoints = new() { Folder = _folder.Path, KeepLast = 2 }, HigherIsBetter = true };
        int validation = 0;
        using var network = SmallProblem.Network(1);
        var outcome = new TrainingLoop(network, SmallProblem.Loss(network), options).Run(Batches(), () => new(++validation == 3 ? 5 : 1.0 / validation));
        Assert.Equal(3 * 16, outcome.BestStep);
        Assert.Equal(["step-000000048", "step-000000176", "step-000000192"], Directory.GetDirectories(_folder.Path).Select(path => Path.GetFileName(path)).Order());
    }

    [Fact]
    public void Run_FinishedTrainingThatMayGoFurther_GoesOn()
    {
        var options = Quick with { Checkpoints = new() { Folder = _folder.Path }, Schedule = LearningRateSchedule.Constant() };
        Train(options);
        var longer = Train(options with { MaxEpochs = 6 });
        Assert.Equal(Train(Quick with { MaxEpochs = 6 }).Weights, longer.Weights);
    }

    [Fact]
    public void Run_CheckpointOfAnotherTraining_IsRefused()
    {
        var options = Quick with { Checkpoints = new() { Folder = _folder.Path } };
        Train(options);
        Assert.Contains("512 rows in memory, batches of 64", Assert.Throws<DataException>(() => Train(options, Batches(batchSize: 64))).Message);
        Assert.Contains("AdamW", Assert.Throws<DataException>(() => Train(options with { Optimizer = new() { Kind = OptimizerKind.Sgd } })).Message);
        using var other = nn.Linear(4, 1);
        var failure = Assert.Throws<DataException>(() => new TrainingLoop(other, SmallProblem.Loss(other), options).Run(Batches()));
        Assert.Contains("'weight' [1, 4]", failure.Message);
    }

    [Fact]
    public void Run_OnPlateau_LowersTheLearningRate()
    {
        var events = new Events();
        using var network = SmallProblem.Network(1);
        new TrainingLoop(network, SmallProblem.Loss(network), Quick with { MaxEpochs = 5, LogEverySteps = 16, Schedule = LearningRateSchedule.OnPlateau(0.5, 2) })
            .Run(Batches(), () => new(1), events);
        Assert.Equal([0.01, 0.01, 0.01, 0.005, 0.005], events.All.OfType<TrainingEvent.Progress>().Select(progress => progress.LearningRate));
    }

    [Theory]
    [InlineData(TrainingPrecision.BFloat16)]
    [InlineData(TrainingPrecision.Float16)]
    public void Run_LowerPrecision_LearnsNearlyTheSame(TrainingPrecision precision)
    {
        var seen = new HashSet<ScalarType>();
        using var network = SmallProblem.Network(1);
        var loop = new TrainingLoop(network, batch =>
        {
            var output = network.forward(batch[0]);
            seen.Add(output.dtype);
            return nn.functional.mse_loss(output.to(ScalarType.Float32), batch[1]);
        }, Quick with { MaxEpochs = 20, Precision = precision });
        var outcome = loop.Run(Batches(), Batches(128, 3));
        Assert.InRange(outcome.Best!.Loss, 0, 0.05);
        Assert.Equal([precision == TrainingPrecision.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float16], seen);
        Assert.All(network.parameters(), parameter => Assert.Equal(ScalarType.Float32, parameter.dtype));
        Assert.Equal(ScalarType.Float32, network.forward(zeros(1, 4)).dtype);   // autocast ended with the step
    }

    [Fact]
    public void Run_Float16Overflow_SkipsTheStepAndLowersTheScale()
    {
        var events = new Events();
        using var network = SmallProblem.Network(1);
        float[] before = SmallProblem.Weights(network);
        // Gradients of order 10, times the first scale of 65,536, are beyond float16's 65,504 in the activations' gradients.
        new TrainingLoop(network, batch => 300 * SmallProblem.Loss(network)(batch), Quick with { MaxSteps = 1, Precision = TrainingPrecision.Float16 }).Run(Batches(), progress: events);
        Assert.Equal(32_768, Assert.Single(events.All.OfType<TrainingEvent.StepSkipped>()).LossScale);
        Assert.Equal(before, SmallProblem.Weights(network));
    }

    [Fact]
    public void Run_NothingToTrain_LeavesNoScopeOpen()
    {
        using var frozen = nn.Linear(4, 1);
        foreach (var parameter in frozen.parameters())
            parameter.requires_grad = false;
        using var outer = NewDisposeScope();
        Assert.Throws<TrainingException>(() => new TrainingLoop(frozen, SmallProblem.Loss(frozen), Quick).Run(Batches()));
        using var later = zeros(3);
        Assert.True(outer.Contains(later));
    }

    [Fact]
    public void Run_LossIsNoNumber_SaysWhatToDo()
    {
        using var network = SmallProblem.Network(1);
        var failure = Assert.Throws<TrainingException>(() => new TrainingLoop(network, batch => SmallProblem.Loss(network)(batch) * float.NaN, Quick with { LogEverySteps = 3 }).Run(Batches()));
        Assert.Contains("Lower the learning rate, which is 0.01", failure.Message);
        Assert.Contains("must be one number", Assert.Throws<ArgumentException>(() => new TrainingLoop(network, batch => network.forward(batch[0]), Quick).Run(Batches())).Message);
    }

    // Without scopes every step would leave some tens of tensors behind.
    [Fact]
    public void Run_TenThousandSteps_TakesNoMoreMemory()
    {
        long Resident() { using var process = System.Diagnostics.Process.GetCurrentProcess(); return process.WorkingSet64; }
        var samples = new List<long>();
        Train(Quick with { MaxEpochs = null, MaxSteps = 10_000, LogEverySteps = 1_000 }, Batches(2_048, batchSize: 8), progress: new Sampler(() => samples.Add(Resident())));
        Assert.Equal(10, samples.Count);
        // Between step 3,000, when most caches are warm, and 10,000; the garbage collector still takes some MB.
        Assert.InRange((samples[^1] - samples[2]) / 1e6, double.NegativeInfinity, 40);
    }

    private sealed class Sampler(Action sample) : IProgress<TrainingEvent>
    {
        public void Report(TrainingEvent value)
        {
            if (value is TrainingEvent.Progress)
                sample();
        }
    }

    /// <summary>The same batches; tells when one is handed out.</summary>
    private sealed class Counted(IBatchSource source, Action onBatch) : IBatchSource
    {
        public string Description => source.Description;

        public long? BatchesPerEpoch => source.BatchesPerEpoch;

        public IEnumerable<Batch> Read(int epoch, long skip, Device device, CancellationToken cancellationToken = default)
        {
            foreach (var batch in source.Read(epoch, skip, device, cancellationToken))
            {
                onBatch();
                yield return batch;
            }
        }
    }
}
