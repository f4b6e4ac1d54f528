namespace Workbench.Drift.Streams;

/// <summary>
/// Early drift detection method (Baena-García et al. 2006): the mean p and the deviation s (divisor n - 1) of the distances
/// between errors; p + 2s against the most it has been. Between two errors it says what it said at the last.
/// </summary>
internal sealed class EddmDetector : ErrorDetector<EddmDetector.Distances>
{
    public static readonly IReadOnlyList<StreamOption> Known =
        [StreamOption.Count("warm_start", 30, 1), new("alpha", 0.95, 0, 1), new("beta", 0.9, 0, 1)];

    private readonly int _warmStart;
    private readonly double _warning, _drift;

    public EddmDetector(StreamSettings settings) : base(settings)
    {
        settings.RequireOrder("beta", "alpha");
        (_warmStart, _warning, _drift) = (settings.Count("warm_start"), settings["alpha"], settings["beta"]);
    }

    internal sealed class Distances
    {
        public long N { get; set; }
        public long LastError { get; set; }
        public long Errors { get; set; }
        public double Mean { get; set; }
        public double Squares { get; set; }
        public double? Most { get; set; }
    }

    protected override DriftState Observe(double value)
    {
        var m = Memory;
        m.N++;
        if (value == 0)
            return State == DriftState.Warning ? DriftState.Warning : DriftState.None;
        m.Errors++;
        double distance = m.N - m.LastError, before = m.Mean;
        m.Mean += (distance - before) / m.Errors;
        m.Squares += (distance - before) * (distance - m.Mean);
        m.LastError = m.N;
        return m.N > _warmStart ? Judge(m) : DriftState.None;
    }

    private DriftState Judge(Distances m)
    {
        double level = m.Mean + 2 * (m.Errors > 1 ? Math.Sqrt(m.Squares / (m.Errors - 1)) : 0);
        if (m.Most is not { } most || level > most)
        {
            m.Most = level; // a new maximum is never a drift
            return State == DriftState.Warning ? DriftState.Warning : DriftState.None;
        }
        if (m.Errors <= _warmStart)
            return DriftState.None;
        return level / most < _drift ? DriftState.Drift : level / most < _warning ? DriftState.Warning : DriftState.None;
    }
}
