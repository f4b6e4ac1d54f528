using static TorchSharp.torch;

namespace Workbench.LanguageModels;

/// <summary>What all blocks of one forward pass share.</summary>
internal sealed record AttentionContext
{
    /// <summary>Cosines of the rotary angles, [T, D] or [B, 1, T, D]; null without rotary positions.</summary>
    public Tensor? Cosines { get; init; }
    /// <summary>Sines of the rotary angles.</summary>
    public Tensor? Sines { get; init; }
    /// <summary>True where a query sees a key, broadcast over [B, H, T, T + past]; null sees all, or what is causal.</summary>
    public Tensor? Mask { get; init; }
    /// <summary>Whether queries see only themselves and earlier keys.</summary>
    public bool IsCausal { get; init; }
    /// <summary>The mask of layers with a sliding window; null when the window holds the whole sequence, so that they are as the others.</summary>
    public Tensor? WindowMask { get; init; }
    /// <summary>Keys and values of earlier tokens.</summary>
    public KeyValueCache? Cache { get; init; }
}
