using Workbench.Core.Tests.Registry;
using Workbench.Data;
using Workbench.Training;
using static TorchSharp.torch;

namespace Workbench.Core.Tests.Training.Loop;

public sealed class ParquetBatchesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // 2 files, 5,000 and 3,000 rows, in row groups of 2,048: id, x = id / 10 or NULL for every hundredth, y = id % 3.
    private string Files()
    {
        TorchRuntime.EnsureAvailable();
        using var session = DuckSession.Open();
        foreach (var (name, first, rows) in new[] { ("a", 0, 5_000), ("b", 5_000, 3_000) })
            session.Execute($"""
                COPY (SELECT range + {first} AS id, CASE WHEN range % 100 = 0 THEN NULL ELSE (range + {first}) / 10 END AS x, (range + {first}) % 3 AS y FROM range({rows}))
                TO '{Path.Combine(_folder.Path, name)}.parquet' (FORMAT parquet, ROW_GROUP_SIZE 2048)
                """);
        return _folder.Path;
    }

    private static List<long> Ids(IBatchSource source, int epoch, long skip = 0)
    {
        var ids = new List<long>();
        foreach (var batch in source.Read(epoch, skip, CPU, TestContext.Current.CancellationToken))
            using (batch)
                ids.AddRange(batch[0].data<long>().ToArray());
        return ids;
    }

    [Fact]
    public void Read_InOrder_GivesTheRowsAsTheyLie()
    {
        var source = new ParquetBatches(Files(), [TensorColumns.Whole("id"), TensorColumns.Float("x", "y * 2")], new() { BatchSize = 300, ShuffleRows = 0 });
        Assert.Equal(27, source.BatchesPerEpoch);
        Assert.Equal(Enumerable.Range(0, 8_000).Select(id => (long)id), Ids(source, 1));
        using var first = source.Read(1, 0, CPU, TestContext.Current.CancellationToken).First();
        Assert.Equal([300, 2], first[1].shape);
        Assert.Equal([float.NaN, 0, 0.1f, 2, 0.2f, 4, 0.3f, 0], first[1].data<float>().ToArray()[..8]);
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(100_000)]
    public void Read_Shuffled_GivesEachRowOnceInAnOrderOfTheEpoch(int window)
    {
        var source = new ParquetBatches(Files(), [TensorColumns.Whole("id")], new() { BatchSize = 64, ShuffleRows = window });
        var (first, again, second) = (Ids(source, 1), Ids(source, 1), Ids(source, 2));
        Assert.Equal(first, again);
        Assert.NotEqual(first, second);
        Assert.Equal(Enumerable.Range(0, 8_000).Select(id => (long)id), first.Order());
        Assert.Equal(Enumerable.Range(0, 8_000).Select(id => (long)id), second.Order());
        // Shuffled by more than a neighbour: a third of a thousand is the expected distance within a window of a thousand.
        Assert.True(first.Zip(first.Skip(1), (a, b) => Math.Abs(a - b)).Average() > 200);
    }

    /// <summary>What the ranks' shares have to be follows from the batches of one rank.</summary>
    [Theory]
    [InlineData(0, false)]
    [InlineData(1_000, false)]
    [InlineData(1_000, true)]
    public void Read_ForOneOfSeveralRanks_GivesItsPartOfTheSameBatches(int window, bool isInMemory)
    {
        const int ranks = 3, parts = 2;   // the last batch has 2 rows, fewer than ranks
        IBatchSource source = isInMemory
            ? new TensorBatches([arange(8_000, ScalarType.Int64), arange(8_000, ScalarType.Float32)], batchSize: 6, shuffle: window > 0)
            : new ParquetBatches(Files(), [TensorColumns.Whole("id"), TensorColumns.Float("id")], new() { BatchSize = 6, ShuffleRows = window });
        var whole = source.Read(2, 1_300, CPU, TestContext.Current.CancellationToken).ToList();
        for (int rank = 0; rank < ranks; rank++)
        {
            var own = ((ISharedBatchSource)source).Read(2, 1_300, CPU, rank, ranks, TestContext.Current.CancellationToken).ToList();
            Assert.Equal(whole.Select(batch => batch.Rows), own.Select(batch => batch.Rows));
            foreach (var (all, share) in whole.Zip(own))
            {
                Assert.InRange(share[0].shape[0], 1, 2);
                for (int part = 0; part < parts; part++)
                {
                    var (expected, actual) = (all.Part(rank * parts + part, ranks * parts), share.Part(rank * parts + part, ranks * parts));
                    Assert.Equal(expected.Weight, actual.Weight);
                    if (expected.Weight > 0)   // a row is borrowed else, and which one is no matter
                        Assert.Equal(expected.Rows[0].data<long>().ToArray(), actual.Rows[0].data<long>().ToArray());
                    Assert.Equal(actual.Rows[0].data<long>().Select(id => (float)id), actual.Rows[1].data<float>().ToArray());
                }
            }
        }
    }

    [Fact]
    public void Read_Skipped_GoesOnWhereItWas()
    {
        var source = new ParquetBatches(Files(), [TensorColumns.Whole("id")], new() { BatchSize = 64, ShuffleRows = 1_000 });
        Assert.Equal(Ids(source, 3)[(40 * 64)..], Ids(source, 3, skip: 40));
    }

    [Fact]
    public void Read_WhereAndDropLast_CountOnlyThose()
    {
        var source = new ParquetBatches(Files(), [TensorColumns.Whole("id")], new() { BatchSize = 100, DropLast = true, Where = "y = 1 AND id < 1000" });
        Assert.Equal(3, source.BatchesPerEpoch);
        var ids = Ids(source, 1);
        Assert.Equal(300, ids.Distinct().Count());
        Assert.All(ids, id => Assert.True(id % 3 == 1 && id < 1000));
    }

    [Fact]
    public void Read_AbandonedHalfWay_EndsItsThread()
    {
        var source = new ParquetBatches(Files(), [TensorColumns.Whole("id")], new() { BatchSize = 8, Prefetch = 1 });
        for (int time = 0; time < 20; time++)
            source.Read(1, 0, CPU, TestContext.Current.CancellationToken).First().Dispose();   // Join in Dispose returns
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => source.Read(1, 0, CPU, cancelled.Token).First());
    }

    [Fact]
    public void Constructor_BadInput_SaysWhatIsWrong()
    {
        string files = Files();
        Assert.Contains("NULL in a row", Assert.Throws<DataException>(() => Ids(new ParquetBatches(files, [TensorColumns.Whole("x")]), 1)).Message);
        Assert.Contains("z", Assert.Throws<DataException>(() => new ParquetBatches(files, [TensorColumns.Float("z + 1")])).Message);
        Assert.Contains("0 rows WHERE y = 7", Assert.Throws<DataException>(() => new ParquetBatches(files, [TensorColumns.Float("x")], new() { Where = "y = 7" })).Message);
        Assert.Contains("BatchSize is 0", Assert.Throws<ArgumentException>(() => new ParquetBatches(files, [TensorColumns.Float("x")], new() { BatchSize = 0 })).Message);
    }

    // y = 2 x + 1 from a file: the loop learns it as from memory.
    [Fact]
    public void Loop_FromParquet_Learns()
    {
        using (var session = DuckSession.Open())
            session.Execute($"COPY (SELECT (range % 200 - 100) / 100.0 AS x FROM range(4000)) TO '{_folder.Path}/line.parquet'");
        TorchRuntime.EnsureAvailable();
        using var network = nn.Linear(1, 1);
        var batches = new ParquetBatches(Path.Combine(_folder.Path, "line.parquet"), [TensorColumns.Float("x"), TensorColumns.Float("2 * x + 1")], new() { BatchSize = 64 });
        new TrainingLoop(network, SmallProblem.Loss(network), new() { MaxEpochs = 8, Optimizer = new() { Kind = OptimizerKind.Sgd, LearningRate = 0.1, WeightDecay = 0 }, Threads = 1 }).Run(batches);
        Assert.Equal([2f, 1f], SmallProblem.Weights(network), (a, b) => Math.Abs(a - b) < 1e-2);
    }
}
