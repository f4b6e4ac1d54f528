using static TorchSharp.torch;

namespace Workbench.LanguageModels;

/// <summary>How a folder becomes a network.</summary>
public sealed record LanguageModelLoading
{
    /// <summary>Element type that the weights are converted to: Float32, Float16 or BFloat16.</summary>
    public ScalarType Type { get; init; } = ScalarType.Float32;
    /// <summary><c>cpu</c>, <c>cuda</c>, <c>cuda:N</c> or <c>auto</c>.</summary>
    public string Device { get; init; } = "cpu";
    /// <summary>Fields of config.json that are passed over though unknown, such as a training script's own notes.</summary>
    public IReadOnlyCollection<string> IgnoredConfigFields { get; init; } = [];
}
