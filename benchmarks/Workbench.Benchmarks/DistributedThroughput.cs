using System.Globalization;
using Workbench.Distributed;
using Workbench.Training;
using static TorchSharp.torch;

namespace Workbench.Benchmarks;

/// <summary>
/// Rows a second of data-parallel training, for <c>distributed_side_by_side.py</c>, which starts it under mpirun and compares
/// it with PyTorch: <c>distributed cnn|mlp STEPS BATCH_PER_RANK [TIMELINE]</c>. Rank 0 prints one number.
/// </summary>
internal static class DistributedThroughput
{
    public static void Run(string[] args)
    {
        TorchRuntime.EnsureAvailable();
        var (name, steps, batch) = (args[1], long.Parse(args[2], CultureInfo.InvariantCulture), int.Parse(args[3], CultureInfo.InvariantCulture));
        using var ranks = Collective.Join(CollectiveBackend.Mpi);
        manual_seed(1);
        using var scope = NewDisposeScope();
        using var network = Network(name);
        int rows = batch * ranks.Size * 16;
        var inputs = name == "cnn" ? randn(rows, 1, 28, 28) : randn(rows, 784);
        var targets = randint(10, [rows]);
        var rates = new List<double>();
        long every = steps / 6;
        new TrainingLoop(network, one => nn.functional.cross_entropy(network.forward(one[0]), one[1]), new()
        {
            Optimizer = new() { Kind = OptimizerKind.Sgd, LearningRate = 0.01, WeightDecay = 0 }, MaxEpochs = null, MaxSteps = every * 6, Threads = 1, LogEverySteps = every,
            Distributed = new() { Ranks = ranks, Timeline = args.ElementAtOrDefault(4) is { } path ? new() { Path = path } : null },
        }).Run(new TensorBatches([inputs, targets], batch * ranks.Size), progress: new Rates(rates));
        if (ranks.Rank == 0)
            Console.WriteLine(rates.Skip(1).Order().ElementAt((rates.Count - 1) / 2).ToString("F1", CultureInfo.InvariantCulture));   // the first warms up
    }

    // The same layers as in the script.
    private static nn.Module<Tensor, Tensor> Network(string name) => name switch
    {
        "cnn" => nn.Sequential(
            nn.Conv2d(1, 16, 3, padding: 1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(16, 32, 3, padding: 1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(32 * 7 * 7, 64), nn.ReLU(), nn.Linear(64, 10)),
        "mlp" => nn.Sequential(nn.Linear(784, 2048), nn.ReLU(), nn.Linear(2048, 2048), nn.ReLU(), nn.Linear(2048, 10)),
        _ => throw new ArgumentException($"Unknown network '{name}'. Known: cnn, mlp.", nameof(name)),
    };

    private sealed class Rates(List<double> rates) : IProgress<TrainingEvent>
    {
        public void Report(TrainingEvent value)
        {
            if (value is TrainingEvent.Progress progress)
                rates.Add(progress.RowsPerSecond);
        }
    }
}
