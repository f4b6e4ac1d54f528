namespace Workbench.Drift.Streams;

/// <summary>
/// McDiarmid's bounds on exponentially weighted averages (Frías-Blanco et al. 2015, IEEE Trans. Knowl. Data Eng. 27,
/// 810-823, W-test): the average after the point where the upper (lower) bound of all was least (greatest) against that up
/// to it.
/// </summary>
internal sealed class HddmWDetector : StreamDetector<HddmWDetector.Averages>
{
    public static readonly IReadOnlyList<StreamOption> Known =
    [
        StreamOption.Share("drift_confidence", 0.001), StreamOption.Share("warning_confidence", 0.005), StreamOption.Share("lambda", 0.05),
        StreamOption.Flag("two_sided"),
    ];

    private readonly double _drift, _warning, _lambda;
    private readonly bool _isTwoSided;

    public HddmWDetector(StreamSettings settings) : base(settings)
    {
        settings.RequireOrder("drift_confidence", "warning_confidence");
        (_drift, _warning, _lambda) = (settings["drift_confidence"], settings["warning_confidence"], settings["lambda"]);
        _isTwoSided = settings.Flag("two_sided");
    }

    /// <summary>An exponentially weighted mean over N values, and the sum of its squared weights, 1 before the first.</summary>
    internal readonly record struct Average(long N, double Mean, double SquaredWeights)
    {
        public static readonly Average Empty = new(0, 0, 1);

        public Average With(double value, double lambda) => new(
            N + 1, N == 0 ? value : lambda * value + (1 - lambda) * Mean, lambda * lambda + (1 - lambda) * (1 - lambda) * SquaredWeights);
    }

    internal sealed class Averages
    {
        public Average All { get; set; } = Average.Empty;
        public Average BeforeRise { get; set; } = Average.Empty;
        public Average AfterRise { get; set; } = Average.Empty;
        public Average BeforeFall { get; set; } = Average.Empty;
        public Average AfterFall { get; set; } = Average.Empty;
        /// <summary>The least upper and the greatest lower bound so far; null before the first value.</summary>
        public double? LeastUpper { get; set; }
        public double? GreatestLower { get; set; }
    }

    protected override (double Least, double Most, string Meaning) Range => (0, 1, "between 0 (right) and 1 (wrong)");

    protected override DriftState Observe(double value)
    {
        var m = Memory;
        m.All = m.All.With(value, _lambda);
        double bound = Bound(m.All.SquaredWeights, _drift);
        if (m.LeastUpper is not { } least || m.All.Mean + bound < least)
            (m.LeastUpper, m.BeforeRise, m.AfterRise) = (m.All.Mean + bound, m.All, Average.Empty);
        else
            m.AfterRise = m.AfterRise.With(value, _lambda);
        if (m.GreatestLower is not { } greatest || m.All.Mean - bound > greatest)
            (m.GreatestLower, m.BeforeFall, m.AfterFall) = (m.All.Mean - bound, m.All, Average.Empty);
        else
            m.AfterFall = m.AfterFall.With(value, _lambda);
        return HasChanged(_drift) ? DriftState.Drift : HasChanged(_warning) ? DriftState.Warning : DriftState.None;
    }

    private bool HasChanged(double confidence) =>
        Exceeds(Memory.BeforeRise, Memory.AfterRise, confidence) || _isTwoSided && Exceeds(Memory.AfterFall, Memory.BeforeFall, confidence);

    private static bool Exceeds(Average lower, Average higher, double confidence) =>
        lower.N > 0 && higher.N > 0 && higher.Mean - lower.Mean > Bound(lower.SquaredWeights + higher.SquaredWeights, confidence);

    private static double Bound(double squaredWeights, double confidence) => Math.Sqrt(squaredWeights * Math.Log(1 / confidence) / 2);
}
