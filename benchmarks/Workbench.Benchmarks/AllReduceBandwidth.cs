using System.Diagnostics;
using System.Globalization;
using Workbench.Distributed;
using Workbench.Training;
using static TorchSharp.torch;

namespace Workbench.Benchmarks;

/// <summary>
/// Gigabytes of float32 that are reduced over all ranks in a second, as a caller sees it: <c>distributed allreduce BYTES
/// REPETITIONS</c>, under mpirun. Rank 0 prints the median. <c>allreduce_side_by_side.py</c> compares it with MPI in C.
/// </summary>
internal static class AllReduceBandwidth
{
    private const int WarmUps = 2;

    public static void Run(string[] args)
    {
        TorchRuntime.EnsureAvailable();
        var (bytes, repetitions) = (long.Parse(args[2], CultureInfo.InvariantCulture), int.Parse(args[3], CultureInfo.InvariantCulture));
        using var ranks = Collective.Join(CollectiveBackend.Mpi);
        using var values = ones(bytes / sizeof(float));
        var seconds = new List<double>();
        for (int i = 0; i < WarmUps + repetitions; i++)
        {
            values.fill_(1);
            ranks.Barrier();
            long began = Stopwatch.GetTimestamp();
            ranks.AllReduce(values).Wait();
            seconds.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
            if (values[0].item<float>() != ranks.Size || values[-1].item<float>() != ranks.Size)
                throw new InvalidOperationException($"The sum of {ranks.Size} ones is {values[0].item<float>()} at the beginning and {values[-1].item<float>()} at the end.");
        }
        if (ranks.Rank == 0)
            Console.WriteLine((bytes / seconds.Skip(WarmUps).Order().ElementAt(repetitions / 2) / 1e9).ToString("F3", CultureInfo.InvariantCulture));
    }
}
