using Workbench.Drift.Numeric;

namespace Workbench.Drift.Streams;

/// <summary>
/// Kolmogorov-Smirnov windowing (Raab, Heusinger, Schleif 2020, Neurocomputing 416, 340-351): the last stat_size values
/// against as many drawn without replacement from the older ones of a sliding window, by the exact two-sample test. After a
/// drift the last stat_size values stay, as the paper has it; river empties its window.
/// </summary>
internal sealed class KswinDetector : StreamDetector<KswinDetector.Window>
{
    public static readonly IReadOnlyList<StreamOption> Known =
    [
        StreamOption.Share("alpha", 0.005), new("window_size", 100, 2, 100_000, IsWhole: true), new("stat_size", 30, 1, KolmogorovSmirnov.ExactRows, IsWhole: true),
        StreamOption.Count("seed", 0, 0),
    ];

    private const double LeastDistance = 0.1;

    private readonly int _size, _recent, _seed;
    private readonly long _steps;
    private readonly int[] _order;
    private readonly double[] _old, _new;

    public KswinDetector(StreamSettings settings) : base(settings)
    {
        settings.RequireOrder("stat_size", "window_size", factor: 2);
        (_size, _recent, _seed) = (settings.Count("window_size"), settings.Count("stat_size"), settings.Count("seed"));
        (_order, _old, _new) = (new int[_size - _recent], new double[_recent], new double[_recent]);
        _steps = LeastSteps(_recent, settings["alpha"]);
    }

    internal sealed class Window
    {
        /// <summary>The last values, the oldest first.</summary>
        public List<double> Values { get; set; } = [];
        /// <summary>State of the generator; null before the first draw.</summary>
        public ulong? Random { get; set; }
    }

    protected override bool IsSound(Window memory) => memory.Values.Count <= _size && memory.Values.TrueForAll(double.IsFinite);

    protected override void Forget() => Memory.Values.RemoveRange(0, Math.Max(0, Memory.Values.Count - _recent));

    protected override DriftState Observe(double value)
    {
        var values = Memory.Values;
        if (values.Count == _size)
            values.RemoveAt(0);
        values.Add(value);
        if (values.Count < _size)
            return DriftState.None;
        Draw(values);
        values.CopyTo(_size - _recent, _new, 0, _recent);
        Array.Sort(_old);
        Array.Sort(_new);
        return KolmogorovSmirnov.LargestGap(_old, _new) >= _steps ? DriftState.Drift : DriftState.None;
    }

    /// <summary>The least n² D at which the p-value is at most alpha and D above 0.1; beyond n² when there is none. D comes in steps of 1/n.</summary>
    private static long LeastSteps(int n, double alpha)
    {
        for (int gap = 1; gap <= n; gap++)
            if (gap > LeastDistance * n && KolmogorovSmirnov.ExactPValue(n, n, (long)gap * n) <= alpha)
                return (long)gap * n;
        return long.MaxValue;
    }

    // The first steps of a Fisher-Yates shuffle.
    private void Draw(List<double> values)
    {
        for (int i = 0; i < _order.Length; i++)
            _order[i] = i;
        for (int i = 0; i < _recent; i++)
        {
            int j = i + (int)(Next() % (ulong)(_order.Length - i));
            (_order[i], _order[j]) = (_order[j], _order[i]);
            _old[i] = values[_order[i]];
        }
    }

    // SplitMix64 (Steele, Lea, Flood 2014): its whole state is one number, which is saved with the window.
    private ulong Next()
    {
        ulong state = (Memory.Random ?? (ulong)_seed) + 0x9E3779B97F4A7C15;
        Memory.Random = state;
        state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        state = (state ^ (state >> 27)) * 0x94D049BB133111EB;
        return state ^ (state >> 31);
    }
}
