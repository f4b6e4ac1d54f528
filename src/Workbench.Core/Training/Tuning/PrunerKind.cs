namespace Workbench.Training.Tuning;

/// <summary>Which trials are stopped before their end.</summary>
public enum PrunerKind
{
    /// <summary>None: every trial goes to its end.</summary>
    None,
    /// <summary>Asynchronous successive halving (Li et al. 2020): at each rung the best 1/η go on.</summary>
    Asha,
    /// <summary>Hyperband (Li et al. 2018): several such ladders that begin at different rungs, each trial on one of them.</summary>
    Hyperband,
}
