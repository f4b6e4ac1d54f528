namespace Workbench.Drift.Streams;

/// <summary>
/// Hoeffding's bounds on averages (Frías-Blanco et al. 2015, IEEE Trans. Knowl. Data Eng. 27, 810-823, A-test): the mean of
/// all values against that up to the point where its upper (lower) bound was least (greatest).
/// </summary>
internal sealed class HddmADetector : StreamDetector<HddmADetector.Means>
{
    public static readonly IReadOnlyList<StreamOption> Known =
        [StreamOption.Share("drift_confidence", 0.001), StreamOption.Share("warning_confidence", 0.005), StreamOption.Flag("two_sided")];

    private readonly double _drift, _warning;
    private readonly bool _isTwoSided;

    public HddmADetector(StreamSettings settings) : base(settings)
    {
        settings.RequireOrder("drift_confidence", "warning_confidence");
        (_drift, _warning, _isTwoSided) = (settings["drift_confidence"], settings["warning_confidence"], settings.Flag("two_sided"));
    }

    /// <summary>A mean over the first N values.</summary>
    internal readonly record struct Mean(long N, double Value);

    internal sealed class Means
    {
        public Mean All { get; set; }
        public Mean Least { get; set; }
        public Mean Most { get; set; }
    }

    protected override (double Least, double Most, string Meaning) Range => (0, 1, "between 0 (right) and 1 (wrong)");

    protected override DriftState Observe(double value)
    {
        var m = Memory;
        long n = m.All.N + 1;
        m.All = new(n, m.All.Value + (value - m.All.Value) / n);
        if (m.Least.N == 0 || m.Least.Value + Bound(m.Least.N) >= m.All.Value + Bound(n))
            m.Least = m.All;
        if (m.Most.N == 0 || m.Most.Value - Bound(m.Most.N) <= m.All.Value - Bound(n))
            m.Most = m.All;
        return HasChanged(_drift) ? DriftState.Drift : HasChanged(_warning) ? DriftState.Warning : DriftState.None;
    }

    private double Bound(long n) => Math.Sqrt(Math.Log(1 / _drift) / (2.0 * n));

    private bool HasChanged(double confidence) =>
        Exceeds(Memory.Least, Memory.All.Value - Memory.Least.Value, confidence)
        || _isTwoSided && Exceeds(Memory.Most, Memory.Most.Value - Memory.All.Value, confidence);

    private bool Exceeds(Mean cut, double difference, double confidence)
    {
        long n = Memory.All.N;
        if (cut.N == n)
            return false;
        double m = (double)(n - cut.N) / cut.N / n;
        return difference >= Math.Sqrt(m / 2 * Math.Log(2 / confidence));
    }
}
