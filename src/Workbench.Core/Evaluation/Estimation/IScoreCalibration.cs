using System.Text.Json.Serialization;

namespace Workbench.Evaluation.Estimation;

/// <summary>What was learnt of how often a score comes true. Thread-safe.</summary>
[JsonDerivedType(typeof(IsotonicCalibration), "isotonic")]
[JsonDerivedType(typeof(PlattCalibration), "platt")]
public interface IScoreCalibration
{
    /// <summary>The probability behind a score.</summary>
    /// <param name="score">In [0, 1].</param>
    /// <returns>In [0, 1].</returns>
    double Apply(double score);
}
