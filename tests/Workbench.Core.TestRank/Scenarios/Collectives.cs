using System.Globalization;
using Workbench.Distributed;
using Workbench.Distributed.Mpi;
using static TorchSharp.torch;

namespace Workbench.TestRank.Scenarios;

/// <summary>What ranks do together, without any training.</summary>
internal static class Collectives
{
    private static readonly IReadOnlyList<ScalarType> Reducible = [ScalarType.Float32, ScalarType.Float64, ScalarType.BFloat16, ScalarType.Float16, ScalarType.Int64];

    // By what mpirun tells each process, without the library.
    public static void Greet(string[] parameters) =>
        Line.Write(new { rank = Number("OMPI_COMM_WORLD_RANK"), size = Number("OMPI_COMM_WORLD_SIZE"), parameters });

    /// <summary>Operations of every kind, first in whole and then in pieces of 12 bytes; each result as a line.</summary>
    public static void All(string[] parameters)
    {
        using var ranks = (MpiCollective)Collective.Join(CollectiveBackend.Mpi);
        Line.Write(new { ranks.Rank, ranks.Size, ranks.Engine });
        long whole = ranks.MaxPieceBytes;
        foreach (long bytes in (long[])[whole, 12])
        {
            ranks.MaxPieceBytes = bytes;
            Reduce(ranks, bytes == whole ? "" : " in pieces");
            Move(ranks, bytes == whole ? "" : " in pieces");
        }
        ranks.MaxPieceBytes = whole;
        Special(ranks);
        Refusals(ranks);
        TwoThreads(ranks);
        Abandoned(ranks);
        RuntimeFaults();
    }

    /// <summary>Sums of random numbers whose order matters; a hash of the bits of each result.</summary>
    public static void Bits(string[] parameters)
    {
        using var ranks = Collective.Join(CollectiveBackend.Mpi);
        foreach (var type in Reducible)
            foreach (int count in (int[])[1, 7, 1_000, 5_000, 300_001])
            {
                manual_seed(ranks.Rank + 1);
                using var random = randn(count) * 1000;
                using var values = random.to(type);
                ranks.AllReduce(values).Wait();
                Line.Write(new { Name = $"{type} {count}", Hash = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(values.bytes)) });
            }
    }

    /// <summary>The last rank fails without catching it, while the others wait for it.</summary>
    public static void Throw(string[] parameters)
    {
        using var ranks = Collective.Join(CollectiveBackend.Mpi);
        Line.Write(new { Pid = Environment.ProcessId });
        ranks.Barrier();
        if (ranks.Rank == ranks.Size - 1)
            throw new InvalidOperationException("This rank fails on purpose.");
        ranks.Barrier();
    }

    /// <summary>The last rank aborts with the exit code given, while its own communication thread and the others wait.</summary>
    public static void Abort(string[] parameters)
    {
        using var ranks = Collective.Join(CollectiveBackend.Mpi);
        Line.Write(new { Pid = Environment.ProcessId });
        using var values = zeros(1);
        if (ranks.Rank < ranks.Size - 1)
            ranks.Barrier();
        ranks.Broadcast(values);
        ranks.AllReduce(values);
        if (ranks.Rank == ranks.Size - 1)
            ranks.Abort(int.Parse(parameters[0], CultureInfo.InvariantCulture));
        ranks.Barrier();
    }

    /// <summary>MPI refuses an operation: its words, and what comes after.</summary>
    public static void Fail(string[] parameters)
    {
        using var ranks = (MpiCollective)Collective.Join(CollectiveBackend.Mpi);
        using var values = zeros(4);
        string first = Message(ranks.Reject().Wait), second = Message(ranks.AllReduce(values).Wait);
        Line.Write(new { First = first, Second = second });
    }

    /// <summary>More than 2^31 bytes and elements; for a run by hand.</summary>
    public static void Large(string[] parameters)
    {
        using var ranks = Collective.Join(CollectiveBackend.Mpi);
        using (var floats = full([570_000_000], ranks.Rank + 1f))
        {
            ranks.AllReduce(floats).Wait();
            Line.Write(new { Name = "sum of 2.28 GB", Least = floats.min().item<float>(), Greatest = floats.max().item<float>() });
        }
        using var bytes = full([2_200_000_000], ranks.Rank + 7, ScalarType.Byte);
        ranks.Broadcast(bytes, ranks.Size - 1).Wait();
        Line.Write(new { Name = "broadcast of 2.2 billion elements", Least = bytes.min().item<byte>(), Greatest = bytes.max().item<byte>() });
    }

    // Rank r has (r + 1) * [1, -2, 3, ...], 50 values that repeat, in every type exactly.
    private static void Reduce(ICollective ranks, string manner)
    {
        foreach (var type in Reducible)
            foreach (var reduction in Enum.GetValues<Reduction>())
            {
                using var values = Numbers(1_103, ranks.Rank + 1, type);
                ranks.AllReduce(values, reduction).Wait();
                Write($"{reduction} of {type}{manner}", values);
            }
        using var none = zeros(0);
        ranks.AllReduce(none).Wait();
    }

    private static void Move(ICollective ranks, string manner)
    {
        foreach (var type in (ScalarType[])[ScalarType.Byte, ScalarType.Bool, ScalarType.Int32, ScalarType.ComplexFloat32, ScalarType.BFloat16])
        {
            using var values = Numbers(11, type == ScalarType.Bool ? ranks.Rank : ranks.Rank + 1, ScalarType.Float32).abs().to(type);
            using var gathered = zeros(11 * ranks.Size, type);
            ranks.AllGather(values, gathered).Wait();
            Write($"gathered {type}{manner}", gathered);
            ranks.Broadcast(values, ranks.Size - 1).Wait();
            Write($"broadcast {type}{manner}", values);
        }
        foreach (var type in Reducible)
        {
            using var all = Numbers(9 * ranks.Size, ranks.Rank + 1, type);
            using var part = zeros(9, type);
            ranks.ReduceScatter(all, part).Wait();
            Write($"scattered {type}{manner}", part);
        }
    }

    // Ties of rounding, overflow, NaN and the signs of zero: rank 0 has the first of each pair, the others the second.
    private static void Special(ICollective ranks)
    {
        (double First, double Other)[] ties = ranks.Size == 2
            ? [(256, 1), (258, 1), (2048, 1), (2050, 1), (65504, 65504), (double.PositiveInfinity, double.NegativeInfinity), (double.NaN, 1)] : [];
        (double First, double Other)[] orders = [(double.NaN, 1), (1, double.NaN), (0.0, -0.0), (-0.0, 0.0), (double.NegativeInfinity, -5)];
        foreach (var type in (ScalarType[])[ScalarType.Float32, ScalarType.Float64, ScalarType.BFloat16, ScalarType.Float16])
        {
            if (ties.Length > 0)
                Do(Reduction.Sum, ties, type);
            Do(Reduction.Max, orders, type);
            Do(Reduction.Min, orders, type);
        }

        void Do(Reduction reduction, (double First, double Other)[] pairs, ScalarType type)
        {
            // 40 times each, so that the vector code sees them as well as the rest behind it.
            using var values = tensor(pairs.Select(pair => ranks.Rank == 0 ? pair.First : pair.Other).ToArray()).repeat_interleave(40).to(type);
            ranks.AllReduce(values, reduction).Wait();
            double[] doubles = values.to(ScalarType.Float64).data<double>().ToArray();
            Line.Write(new { Name = $"special {reduction} of {type}", Values = doubles.Chunk(40).Select(chunk => string.Join('|', chunk.Select(Text).Distinct())).ToArray() });
        }
    }

    private static void Refusals(ICollective ranks)
    {
        using var matrix = zeros(4, 6);
        using var transposed = matrix.t();
        using var whole = zeros(3, ScalarType.Int32);
        Write("not contiguous", () => ranks.AllReduce(transposed));
        Write("type", () => ranks.AllReduce(whole));
        Write("size", () => ranks.AllGather(matrix, matrix));
        Write("root", () => ranks.Broadcast(matrix, ranks.Size));
        Write("code", () => ranks.Abort(0));
        Write("again", () => Collective.Join(CollectiveBackend.Mpi));

        static void Write(string name, Action call) => Line.Write(new { Name = name, Refusal = Message(call) });
    }

    // Two threads take turns; each sum is one of the two, in this order on every rank.
    private static void TwoThreads(ICollective ranks)
    {
        const int turns = 50;
        using var scope = NewDisposeScope();
        var sums = Enumerable.Range(0, 2 * turns).Select(_ => ones(1_000)).ToArray();
        var works = new CollectiveWork[2 * turns];
        using SemaphoreSlim mine = new(1), other = new(0);
        var threads = Enumerable.Range(0, 2).Select(side => new Thread(() =>
        {
            var (own, next) = side == 0 ? (mine, other) : (other, mine);
            for (int i = side; i < works.Length; i += 2)
            {
                own.Wait();
                works[i] = ranks.AllReduce(sums[i].mul_(i));
                next.Release();
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        works[^1].Wait();
        Line.Write(new
        {
            Name = "two threads",
            Sums = sums.Select(sum => sum[999].item<float>()).ToArray(),
            AllDone = works.All(work => work.IsDone),
            InOrder = works.Zip(works.Skip(1)).All(pair => pair.First.Began <= pair.First.Ended && pair.First.Ended <= pair.Second.Began),
        });
    }

    // The caller disposes of its tensors at once; memory that was given back would be taken by the next ones.
    private static void Abandoned(ICollective ranks)
    {
        CollectiveWork last = CollectiveWork.Done;
        for (int i = 0; i < 30; i++)
            using (NewDisposeScope())
                last = ranks.AllReduce(ones(100_000));
        last.Wait();
        Line.Write(new { Name = "abandoned", last.IsDone });
    }

    // Open MPI leaves the signals to .NET that it makes exceptions of.
    private static void RuntimeFaults()
    {
        string? none = Environment.GetEnvironmentVariable("NO_SUCH_VARIABLE_HERE");
        int zero = none is null ? 0 : 1;
        Line.Write(new { Name = "faults", Null = Message(() => _ = none!.Length), Division = Message(() => _ = 1 / zero) });
    }

    private static Tensor Numbers(int count, int factor, ScalarType type)
    {
        using var position = arange(count, ScalarType.Int64);
        using var values = position.remainder(50).add(1) * factor;
        using var sign = position.remainder(2).mul(-2).add(1);
        return (values * sign).to(type);
    }

    private static void Write(string name, Tensor values)
    {
        using var read = values.to(values.is_complex() ? ScalarType.ComplexFloat64 : ScalarType.Float64);
        using var real = read.is_complex() ? read.real.contiguous() : read.alias();
        Line.Write(new { Name = name, Values = real.data<double>().ToArray() });
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Message(Action call)
    {
        try
        {
            call();
            return "";
        }
        catch (Exception refusal)
        {
            return $"{refusal.GetType().Name}: {refusal.Message}";
        }
    }

    private static int Number(string variable) => int.Parse(Environment.GetEnvironmentVariable(variable)!, CultureInfo.InvariantCulture);
}
