namespace Workbench.Drift.Streams;

/// <summary>
/// Drift detection method (Gama et al. 2004, SBIA, 286-295): the error rate p with its deviation s = √(p (1 - p) / n)
/// against their least sum so far.
/// </summary>
internal sealed class DdmDetector : ErrorDetector<DdmDetector.Rates>
{
    public static readonly IReadOnlyList<StreamOption> Known =
        [StreamOption.Count("warm_start", 30, 1), new("warning_threshold", 2, 0, double.MaxValue), new("drift_threshold", 3, 0, double.MaxValue)];

    private readonly int _warmStart;
    private readonly double _warning, _drift;

    public DdmDetector(StreamSettings settings) : base(settings)
    {
        settings.RequireOrder("warning_threshold", "drift_threshold");
        (_warmStart, _warning, _drift) = (settings.Count("warm_start"), settings["warning_threshold"], settings["drift_threshold"]);
    }

    internal sealed class Rates
    {
        public long N { get; set; }
        public double P { get; set; }
        /// <summary>P and S where their sum was least; null before the warm start is over.</summary>
        public double? LeastP { get; set; }
        public double LeastS { get; set; }
    }

    protected override DriftState Observe(double value)
    {
        var m = Memory;
        m.N++;
        m.P += (value - m.P) / m.N;
        if (m.N <= _warmStart)
            return DriftState.None;
        double s = Math.Sqrt(Math.Max(0, m.P * (1 - m.P)) / m.N);
        if (m.LeastP is not { } least || m.P + s <= least + m.LeastS)
            (m.LeastP, m.LeastS) = (least = m.P, s);
        return m.P + s > least + _drift * m.LeastS ? DriftState.Drift
            : m.P + s > least + _warning * m.LeastS ? DriftState.Warning
            : DriftState.None;
    }
}
