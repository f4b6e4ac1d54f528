namespace Workbench.Drift.Streams;

/// <summary>
/// The test of Page (1954, Biometrika 41, 100-115) in Hinkley's form: the sum of what the values lie above their mean and
/// delta, with a factor of forgetting, never below 0. Sees a rise only.
/// </summary>
internal sealed class PageHinkleyDetector(StreamSettings settings) : StreamDetector<PageHinkleyDetector.Sums>(settings)
{
    public static readonly IReadOnlyList<StreamOption> Known =
    [
        StreamOption.Count("min_instances", 30, 1), new("delta", 0.005, 0, double.MaxValue), new("threshold", 50, 0, double.MaxValue, IsOpen: true),
        new("alpha", 1 - 0.0001, 0, 1),
    ];

    private readonly int _minimum = settings.Count("min_instances");
    private readonly double _delta = settings["delta"], _threshold = settings["threshold"], _alpha = settings["alpha"];

    /// <summary>N starts at 1 and is counted up before it is compared, as in river: the first possible drift is value min_instances - 1.</summary>
    internal sealed class Sums
    {
        public long N { get; set; } = 1;
        public double Mean { get; set; }
        public double Excess { get; set; }
    }

    protected override DriftState Observe(double value)
    {
        Memory.Mean += (value - Memory.Mean) / Memory.N;
        Memory.Excess = Math.Max(0, _alpha * Memory.Excess + (value - Memory.Mean - _delta));
        Memory.N++;
        return Memory.N >= _minimum && Memory.Excess >= _threshold ? DriftState.Drift : DriftState.None;
    }
}
