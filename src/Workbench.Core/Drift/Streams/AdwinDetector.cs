namespace Workbench.Drift.Streams;

/// <summary>
/// Adaptive windowing (Bifet and Gavaldà 2007, SDM, 443-448): a window of the last W values that is cut where two parts of
/// it differ in their means by more than chance. The window is kept as an exponential histogram: row r holds at most
/// max_buckets buckets of 2^r values each, so the memory is O(log W). Variances after Babcock et al. (2003, PODS, 234-243).
/// </summary>
internal sealed class AdwinDetector(StreamSettings settings) : StreamDetector<AdwinDetector.Window>(settings)
{
    public static readonly IReadOnlyList<StreamOption> Known =
    [
        StreamOption.Share("delta", 0.002), StreamOption.Count("clock", 32, 1), StreamOption.Count("max_buckets", 5, 1),
        StreamOption.Count("min_window", 5, 1), StreamOption.Count("grace", 10, 0),
    ];

    private readonly double _delta = settings["delta"];
    private readonly int _clock = settings.Count("clock"), _maxBuckets = settings.Count("max_buckets");
    private readonly int _minimum = settings.Count("min_window"), _grace = settings.Count("grace");

    internal sealed class Window
    {
        /// <summary>Values in the window.</summary>
        public long Width { get; set; }
        public double Total { get; set; }
        /// <summary>Sum of squared distances from the mean.</summary>
        public double Squares { get; set; }
        public long Ticks { get; set; }
        /// <summary>Row r holds buckets of 2^r values, the oldest first.</summary>
        public List<List<Bucket>> Rows { get; set; } = [[]];
    }

    internal readonly record struct Bucket(double Total, double Squares);

    protected override bool IsSound(Window memory) =>
        memory.Rows.Count is > 0 and < 63 && memory.Rows.All(row => row.Count <= _maxBuckets) && memory.Width == memory.Rows.Select((row, r) => row.Count * (1L << r)).Sum();

    protected override DriftState Observe(double value)
    {
        Add(value);
        Memory.Ticks++;
        if (Memory.Ticks % _clock != 0 || Memory.Width <= _grace)
            return DriftState.None;
        bool isCut = false;
        while (Memory.Width > 1 && HasCut())
        {
            DropOldest();
            isCut = true;
        }
        return isCut ? DriftState.Drift : DriftState.None;
    }

    private void Add(double value)
    {
        var m = Memory;
        m.Rows[0].Add(new(value, 0));
        if (m.Width > 0)
            m.Squares += m.Width * Square(value - m.Total / m.Width) / (m.Width + 1);
        m.Width++;
        m.Total += value;
        for (int r = 0; r < m.Rows.Count && m.Rows[r].Count > _maxBuckets; r++)
        {
            if (r + 1 == m.Rows.Count)
                m.Rows.Add([]);
            m.Rows[r + 1].Add(Join(m.Rows[r][0], m.Rows[r][1], 1L << r));
            m.Rows[r].RemoveRange(0, 2);
        }
    }

    private static Bucket Join(Bucket a, Bucket b, double n) => new(a.Total + b.Total, a.Squares + b.Squares + n / 2 * Square(a.Total / n - b.Total / n));

    /// <summary>Whether an older and a newer part differ. The newest bucket of each row is no place for a cut, as in river.</summary>
    private bool HasCut()
    {
        var m = Memory;
        double older = 0, olderTotal = 0;
        double confidence = Math.Log(2 * Math.Log(m.Width) / _delta), variance = m.Squares / m.Width;
        for (int r = m.Rows.Count - 1; r >= 0; r--)
        {
            for (int k = 0; k < m.Rows[r].Count - 1; k++)
            {
                older += 1L << r;
                olderTotal += m.Rows[r][k].Total;
                double newer = m.Width - older;
                if (older < _minimum || newer < _minimum)
                    continue;
                double inverse = 1 / (older - _minimum + 1) + 1 / (newer - _minimum + 1);
                double bound = Math.Sqrt(2 * inverse * variance * confidence) + 2.0 / 3 * confidence * inverse;
                if (Math.Abs(olderTotal / older - (m.Total - olderTotal) / newer) > bound)
                    return true;
            }
        }
        return false;
    }

    private void DropOldest()
    {
        var m = Memory;
        int r = m.Rows.Count - 1;
        double n = 1L << r;
        var (total, squares) = m.Rows[r][0];
        m.Width -= 1L << r;
        m.Total -= total;
        m.Squares -= squares + n * m.Width * Square(total / n - m.Total / m.Width) / (n + m.Width);
        m.Rows[r].RemoveAt(0);
        if (m.Rows[r].Count == 0)
            m.Rows.RemoveAt(r);
    }

    private static double Square(double value) => value * value;
}
