using System.Text.Json;
using Workbench.Distributed;
using Workbench.LanguageModels;
using Workbench.LanguageModels.FineTuning;
using Workbench.Training;
using static TorchSharp.torch;

namespace Workbench.TestRank.Scenarios;

/// <summary>Trainings that are the same on any number of ranks; each writes what its rank has in the end.</summary>
internal static class Trainings
{
    /// <summary>Parameters: one JSON of a <see cref="TrainingCase"/> each.</summary>
    public static void Train(string[] parameters)
    {
        TorchRuntime.EnsureAvailable();
        using var ranks = Collective.Join(CollectiveBackend.Mpi);
        using var entered = Collective.Enter(ranks);
        foreach (string parameter in parameters)
            Train(JsonSerializer.Deserialize<TrainingCase>(parameter)!, ranks);
    }

    /// <summary>An adapter of a tiny GPT-2.</summary>
    public static void Adapt(string[] parameters)
    {
        TorchRuntime.EnsureAvailable();
        using var ranks = Collective.Join(CollectiveBackend.Mpi);
        using var entered = Collective.Enter(ranks);
        using var model = CausalLanguageModel.Create(new Gpt2Config
        {
            VocabularySize = 17, ContextLength = 32, HiddenSize = 24, LayerCount = 2, HeadCount = 2, FeedForwardSize = 48, TieEmbeddings = true,
            AttentionDropout = 0, ResidualDropout = 0, EmbeddingDropout = 0, InitializerRange = 0.2,
        }, seed: 1);
        using var adapter = LoraAdapter.Create(model, new() { Rank = 2 });
        var random = new Random(5);
        var documents = Enumerable.Range(0, 40).Select(_ => new TokenDocument { Tokens = Enumerable.Range(0, random.Next(2, 20)).Select(_ => random.Next(17)).ToList() }).ToList();
        var result = new FineTuner(model, new() { Context = 16, BatchSize = 7, Epochs = 4, LearningRate = 0.01, WarmupSteps = 2, Threads = 1 }, adapter)
            .Run(new() { Training = documents, HeldOut = documents.Take(5).ToList() });
        Line.Write(new
        {
            rank = ranks.Rank, best = result.NewAfter.MeanLoss, trained = result.TrainedParameters,
            weights = new TrainedPart(adapter).state_dict().OrderBy(weight => weight.Key, StringComparer.Ordinal).SelectMany(weight => weight.Value.data<float>().ToArray()).ToArray(),
        });
    }

    /// <summary>Every rank builds another network, or has other rows.</summary>
    public static void Mismatch(string[] parameters)
    {
        TorchRuntime.EnsureAvailable();
        using var ranks = Collective.Join(CollectiveBackend.Mpi);
        foreach (bool byRows in new[] { false, true })
        {
            int rows = byRows ? 10 + ranks.Rank : 10;
            var network = nn.Linear(byRows ? 6 : 6 + ranks.Rank, 3);
            var batches = new TensorBatches([zeros(rows, 6), zeros(rows, 3)], 4);
            try
            {
                new TrainingLoop(network, batch => nn.functional.mse_loss(network.forward(batch[0]), batch[1]), new() { Distributed = new() { Ranks = ranks } }).Run(batches);
            }
            catch (DistributedException refusal)
            {
                Line.Write(new { rank = ranks.Rank, refusal = refusal.Message });
            }
        }
    }

    private static void Train(TrainingCase wanted, ICollective ranks)
    {
        manual_seed(7 + ranks.Rank);   // replicas begin apart: rank 0's values count
        using var scope = NewDisposeScope();
        using var network = Networks.Create(wanted.Network);
        manual_seed(11);
        var (inputs, targets) = (randn(wanted.Rows, 6), randn(wanted.Rows, 3));
        var losses = new List<double>();
        var loop = new TrainingLoop(network, batch => nn.functional.mse_loss(network.forward(batch[0]), batch[1]), new()
        {
            Optimizer = new() { Kind = wanted.Optimizer, LearningRate = wanted.LearningRate, Momentum = wanted.Optimizer == OptimizerKind.Sgd ? 0.9 : 0, Engine = wanted.Engine },
            MaxEpochs = null, MaxSteps = wanted.Steps, AccumulationSteps = wanted.Accumulation, ClipNorm = wanted.ClipNorm, LogEverySteps = 5, Threads = 1,
            Checkpoints = wanted.Checkpoints is { } folder ? new() { Folder = folder, EverySteps = 5 } : null,
            Distributed = new()
            {
                ShardsOptimizer = wanted.Shards, PartsPerRank = wanted.Parts, Timeline = wanted.Timeline is { } timeline ? new() { Path = timeline, ExcerptPath = wanted.Excerpt } : null,
                Gradients = new() { FirstBucketBytes = wanted.BucketBytes, BucketBytes = wanted.BucketBytes, Overlap = wanted.Overlaps ? GradientOverlap.On : GradientOverlap.Off, CompressesGradients = wanted.Compresses },
            },
        });
        var outcome = loop.Run(new TensorBatches([inputs, targets], wanted.Batch, seed: 3), new TensorBatches([inputs, targets], 32, shuffle: false),
            new Watching(happened =>
            {
                if (happened is TrainingEvent.Progress progress)
                    losses.Add(progress.Loss);
            }));
        Line.Write(new
        {
            rank = ranks.Rank, name = wanted.Name, losses, best = outcome.Best!.Loss,
            weights = network.state_dict().OrderBy(weight => weight.Key, StringComparer.Ordinal)
                .SelectMany(weight => weight.Value.to_type(ScalarType.Float64).data<double>().ToArray()).ToArray(),
        });
    }

    private sealed class Watching(Action<TrainingEvent> report) : IProgress<TrainingEvent>
    {
        public void Report(TrainingEvent value) => report(value);
    }
}
