namespace Workbench.Serving.Export;

/// <summary>A converted model file, and how its answers compare with those of the file it came from.</summary>
public sealed record OnnxConversion
{
    /// <summary>Full path of the file.</summary>
    public required string Path { get; init; }
    /// <summary>What it was converted to.</summary>
    public required OnnxPrecision Precision { get; init; }
    /// <summary>Bytes of the file it came from, with its weights.</summary>
    public required long SourceBytes { get; init; }
    /// <summary>Bytes of the file, with its weights.</summary>
    public required long SizeBytes { get; init; }
    /// <summary>Weights that were converted; the others stay in float32.</summary>
    public required int ConvertedWeights { get; init; }
    /// <summary>Largest difference of a floating-point output's element.</summary>
    public required double MaxAbsoluteDifference { get; init; }
    /// <summary>Mean difference of the floating-point outputs' elements.</summary>
    public required double MeanAbsoluteDifference { get; init; }
    /// <summary>
    /// Share of decisions that stay the same, from 0 to 1: labels, and the largest element of each row of scores. Null for
    /// a model that decides nothing, such as one number a row.
    /// </summary>
    public required double? DecisionAgreement { get; init; }
    /// <summary>How many decisions were compared.</summary>
    public required long Decisions { get; init; }
}
