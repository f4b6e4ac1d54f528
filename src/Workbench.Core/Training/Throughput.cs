using System.Diagnostics;

namespace Workbench.Training;

/// <summary>Rows a second since it was last asked.</summary>
internal sealed class Throughput
{
    private long _rows, _since = Stopwatch.GetTimestamp();

    public void Add(long rows) => _rows += rows;

    public double Take()
    {
        double rate = _rows / Math.Max(1e-9, Stopwatch.GetElapsedTime(_since).TotalSeconds);
        (_rows, _since) = (0, Stopwatch.GetTimestamp());
        return rate;
    }
}
