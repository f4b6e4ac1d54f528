using System.Text.Json.Serialization;

namespace Workbench.Evaluation.Estimation;

/// <summary>How scores are made into probabilities that come true.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CalibrationMethod>))]
public enum CalibrationMethod
{
    /// <summary>A rising step function; needs a few thousand reference rows.</summary>
    Isotonic,
    /// <summary>A sigmoid of the score's logit, two numbers; for few reference rows.</summary>
    Platt,
    /// <summary>The scores are taken as they are.</summary>
    None,
}
