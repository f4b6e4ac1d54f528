namespace Workbench.Training.Tuning;

/// <summary>
/// The rungs at which a trial is judged. ASHA (Li, Jamieson, Rostamizadeh, Gonina, Hardt, Recht, Talwalkar 2020) in the
/// variant that stops: at each rung r·η^k a trial goes on when it is among the best 1/η that have reached the rung so far
/// (at least the best one). Hyperband (Li, Jamieson, DeSalvo, Rostamizadeh, Talwalkar 2018) runs a ladder for each bracket
/// s, which begins at R·η^-s; a trial's number decides its bracket, in proportion to the trials that the bracket starts with.
/// </summary>
internal sealed class Ladder
{
    private readonly PrunerKind _kind;
    private readonly int _reduction;
    private readonly IReadOnlyList<long> _rungs;    // below R, lowest first
    private readonly double[] _shares;              // of the brackets, most rungs first, summed up

    public Ladder(StudyOptions options)
    {
        (_kind, _reduction) = (options.Pruner, options.Reduction);
        var rungs = new List<long>();
        if (options.Pruner != PrunerKind.None)
            for (long rung = options.MinSteps; rung < options.MaxSteps; rung *= options.Reduction)
                rungs.Add(rung);
        _rungs = rungs;
        _shares = Shares(rungs.Count, options.Reduction);
    }

    /// <summary>The highest rung that a trial reaches with a report at <paramref name="step"/> after one at <paramref name="before"/> (0: none); null for none.</summary>
    public long? RungBetween(int trial, long before, long step)
    {
        long rung = _rungs.Skip(BracketOf(trial)).LastOrDefault(rung => rung > before && rung <= step);
        return rung == 0 ? null : rung;
    }

    /// <summary>Whether a trial with that value at a rung goes on; <paramref name="reached"/> holds all values there, its own among them. Lower is better.</summary>
    public bool GoesOn(double value, IReadOnlyCollection<double> reached) =>
        reached.Count(other => other < value) < Math.Max(1, reached.Count / _reduction);

    /// <summary>Whether two trials are judged against each other.</summary>
    public bool Compete(int trial, int other) => BracketOf(trial) == BracketOf(other);

    /// <summary>The number of lowest rungs that the trial's ladder lacks; 0 for ASHA.</summary>
    public int BracketOf(int trial)
    {
        if (_kind != PrunerKind.Hyperband)
            return 0;
        // Multiples of the golden ratio fill [0, 1) evenly, however many there are (Weyl 1916).
        double position = (trial + 0.5) * 0.6180339887498949 % 1;
        return Array.FindIndex(_shares, share => position < share);
    }

    // Bracket s of s_max + 1 starts n = ⌈(s_max + 1)/(s + 1) · η^s⌉ trials (Li 2018, algorithm 1).
    private static double[] Shares(int highest, int reduction)
    {
        var starts = Enumerable.Range(0, highest + 1).Select(lacking => highest - lacking)
            .Select(s => Math.Ceiling((highest + 1.0) / (s + 1) * Math.Pow(reduction, s))).ToList();
        double total = starts.Sum(), sum = 0;
        var shares = starts.Select(start => (sum += start) / total).ToArray();
        shares[^1] = 1;
        return shares;
    }
}
