using Workbench.Features;

namespace Workbench.Serving.Export;

/// <summary>What a converted model is compared with, and how far it may be off.</summary>
public sealed class OnnxConversionOptions
{
    /// <summary>Rows to compare on, for a tabular model; it needs some, real ones best.</summary>
    public TabularData? Rows { get; init; }

    /// <summary>Inputs in place of those that the file's metadata describe; needed where one was exported with a <see cref="OnnxInput.Sample"/>.</summary>
    public IReadOnlyList<OnnxInput>? Inputs { get; init; }

    /// <summary>Size of each dynamic dimension in a comparison. Default: 64 for <c>batch</c>, 16 for others.</summary>
    public IReadOnlyDictionary<string, long> Sizes { get; init; } = new Dictionary<string, long>();

    /// <summary>Comparisons with new random inputs each. Default 4.</summary>
    public int Runs { get; init; } = 4;

    /// <summary>Share of decisions that must stay the same. Default 0.99.</summary>
    public double MinAgreement { get; init; } = 0.99;

    /// <summary>Largest difference of an output's element that is allowed, or null for any.</summary>
    public double? MaxDifference { get; init; }

    /// <summary>Whether weights go into a file of their own beside the model. Default false; above 2 GB they do in any case.</summary>
    public bool ExternalData { get; init; }
}
