using System.Diagnostics;
using System.Text.Json;
using Workbench.Data;
using Workbench.LanguageModels;
using Workbench.Training;
using static TorchSharp.torch;

namespace Workbench.Benchmarks;

/// <summary>
/// One training workload for some seconds, its throughput as one line of JSON: what training_side_by_side.py compares with
/// PyTorch. Usage: training mlp|gpt|parquet|memory [--threads N] [--seconds S] [--engine builtin|flat|fused] [--precision float32|bfloat16]
/// </summary>
internal static class TrainingThroughput
{
    private const int Columns = 20;

    public static void Run(string[] args)
    {
        var options = args.Skip(2).Chunk(2).ToDictionary(pair => pair[0].TrimStart('-'), pair => pair[1]);
        int threads = int.Parse(options.GetValueOrDefault("threads", "1"));
        double seconds = double.Parse(options.GetValueOrDefault("seconds", "4"));
        TorchRuntime.EnsureAvailable();
        var settings = new OptimizerSettings { Engine = Enum.Parse<OptimizerEngine>(options.GetValueOrDefault("engine", "auto"), ignoreCase: true) };
        var loop = new TrainingLoopOptions
        {
            Optimizer = settings, Threads = threads, MaxEpochs = null, MaxSteps = long.MaxValue, LogEverySteps = 100,
            Precision = Enum.Parse<TrainingPrecision>(options.GetValueOrDefault("precision", "float32"), ignoreCase: true),
        };
        var result = args[1] switch
        {
            "mlp" => Mlp(loop, seconds),
            "gpt" => Gpt(loop, seconds),
            "parquet" => Parquet(threads, seconds),
            "memory" => Memory(loop),
            var other => throw new ArgumentException($"Unknown workload '{other}'. Known: mlp, gpt, parquet, memory."),
        };
        Console.WriteLine(JsonSerializer.Serialize(result));
    }

    // 20-128-128-2 with LayerNorm, batch 1,024, AdamW: rows a second.
    private static object Mlp(TrainingLoopOptions options, double seconds)
    {
        manual_seed(1);
        var network = nn.Sequential(
            nn.Linear(Columns, 128), nn.LayerNorm(128), nn.ReLU(), nn.Linear(128, 128), nn.LayerNorm(128), nn.ReLU(), nn.Linear(128, 2));
        var batches = new TensorBatches([randn(200_000, Columns), randint(0, 2, [200_000], ScalarType.Int64)], 1_024, dropLast: true);
        return new { rows_per_second = Measured(network, batch => nn.functional.cross_entropy(network.forward(batch[0]), batch[1]), batches, options, seconds) };
    }

    // GPT-2's layout: 4 layers of width 128, 4 heads, context 128, 256 tokens, batches of 16: windows a second.
    private static object Gpt(TrainingLoopOptions options, double seconds)
    {
        const int context = 128, tokens = 256;
        var model = CausalLanguageModel.Create(new Gpt2Config
        {
            VocabularySize = tokens, ContextLength = context, HiddenSize = 128, LayerCount = 4, HeadCount = 4, FeedForwardSize = 512, TieEmbeddings = true,
        }, seed: 1);
        var batches = new TensorBatches([randint(0, tokens, [512, context + 1], ScalarType.Int64)], 16);
        return new
        {
            rows_per_second = Measured(model, batch =>
            {
                var logits = model.forward(batch[0].narrow(1, 0, context));
                return nn.functional.cross_entropy(logits.view(-1, tokens), batch[0].narrow(1, 1, context).reshape(-1));
            }, batches, options with { LogEverySteps = 5 }, seconds),
        };
    }

    // Batches of 256 rows of 20 columns and a label from a Parquet file, nothing done with them: rows a second.
    private static object Parquet(int threads, double seconds)
    {
        string file = Path.Combine(Path.GetTempPath(), $"training-throughput-{Environment.ProcessId}.parquet");
        try
        {
            using (var session = DuckSession.Open())
                session.Execute($"COPY (SELECT {string.Join(", ", Enumerable.Range(0, Columns).Select(i => $"random()::FLOAT AS x{i}"))}, (random() * 2)::BIGINT % 2 AS y FROM range(2000000)) TO '{file}' (FORMAT parquet)");
            var batches = new ParquetBatches(file, [TensorColumns.Float([.. Enumerable.Range(0, Columns).Select(i => $"x{i}")]), TensorColumns.Whole("y")], new() { Threads = threads });
            long rows = 0;
            var clock = Stopwatch.StartNew();
            for (int epoch = 1; clock.Elapsed.TotalSeconds < seconds; epoch++)
                foreach (var batch in batches.Read(epoch, 0, CPU))
                    using (batch)
                        rows += batch.Rows;
            return new { rows_per_second = rows / clock.Elapsed.TotalSeconds };
        }
        finally
        {
            File.Delete(file);
        }
    }

    // Resident memory after 10,000 steps, when the garbage collector has found its size, and after 30,000, of the MLP with small batches.
    private static object Memory(TrainingLoopOptions options)
    {
        manual_seed(1);
        var network = nn.Sequential(nn.Linear(Columns, 64), nn.LayerNorm(64), nn.ReLU(), nn.Linear(64, 1));
        var batches = new TensorBatches([randn(20_000, Columns), randn(20_000, 1)], 32);
        var resident = new List<long>();
        new TrainingLoop(network, batch => nn.functional.mse_loss(network.forward(batch[0]), batch[1]), options with { MaxSteps = 30_000, LogEverySteps = 1_000 })
            .Run(batches, progress: new Watch(value =>
            {
                using var process = Process.GetCurrentProcess();
                if (value is TrainingEvent.Progress)
                    resident.Add(process.WorkingSet64);
            }));
        return new { first_mib = resident[9] / 1048576.0, last_mib = resident[^1] / 1048576.0 };
    }

    // The median of the reports after the first second.
    internal static double Measured(nn.Module network, Func<Batch, Tensor> loss, IBatchSource batches, TrainingLoopOptions options, double seconds)
    {
        var rates = new List<double>();
        var clock = Stopwatch.StartNew();
        using var stop = new CancellationTokenSource();
        try
        {
            new TrainingLoop(network, loss, options).Run(batches, progress: new Watch(value =>
            {
                if (value is TrainingEvent.Progress progress && clock.Elapsed.TotalSeconds > 1)
                    rates.Add(progress.RowsPerSecond);
                if (clock.Elapsed.TotalSeconds > 1 + seconds)
                    stop.Cancel();
            }), cancellationToken: stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // It has run long enough.
        }
        return rates.Order().ElementAt(rates.Count / 2);
    }

    private sealed class Watch(Action<TrainingEvent> onEvent) : IProgress<TrainingEvent>
    {
        public void Report(TrainingEvent value) => onEvent(value);
    }
}
