namespace Workbench.Training.Tuning;

/// <summary>How the parameters of the next trial are chosen.</summary>
public enum SamplerKind
{
    /// <summary>At random, by the study's seed and the trial's number alone.</summary>
    Random,
    /// <summary>Tree-structured Parzen estimator (Bergstra et al. 2011): where good trials are dense and bad ones are not.</summary>
    Tpe,
}
