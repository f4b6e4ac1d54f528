using System.Globalization;
using TorchSharp;

namespace Workbench.Training;

/// <summary>
/// How many cores libtorch uses for the calling thread's work, until disposed. A small network takes one: its steps are
/// shorter than the threads' meeting points, where each waits spinning, so that a second thread gains little on an idle
/// machine, costs a factor of ten on a busy one (measured: 2 cores, batch 256, 3,000 weights), and the bits would depend
/// on the number of cores.
/// </summary>
internal sealed class TorchThreads : IDisposable
{
    /// <summary>Multiplications a step from which all cores are worth it: about 2 ms of one core.</summary>
    private const long WorthSharing = 20_000_000;

    private readonly int _before = torch.get_num_threads();

    /// <param name="rows">Rows a step.</param>
    /// <param name="weights">Weights that each row is multiplied with.</param>
    public TorchThreads(long rows, long weights) : this(CountFor(rows, weights))
    {
    }

    /// <param name="threads">So many.</param>
    public TorchThreads(int threads) => torch.set_num_threads(threads);

    /// <summary>Cores that so much work is worth.</summary>
    public static int CountFor(long rows, long weights) => rows * (double)weights >= WorthSharing ? Cores : 1;

    // A launcher of several ranks on one host says how many cores each may take.
    private static int Cores { get; } = int.TryParse(Environment.GetEnvironmentVariable("OMP_NUM_THREADS"), NumberStyles.None, CultureInfo.InvariantCulture, out int threads) && threads > 0
        ? Math.Min(threads, Environment.ProcessorCount) : Environment.ProcessorCount;

    /// <summary>Gives the calling thread what it had before.</summary>
    public void Dispose() => torch.set_num_threads(_before);
}
