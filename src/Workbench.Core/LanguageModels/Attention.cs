using Workbench.Tensors;
using static TorchSharp.torch;

namespace Workbench.LanguageModels;

/// <summary>Attention's steps that both families share. H heads, D width of a head.</summary>
internal static class Attention
{
    /// <summary>[B, T, H·D] to [B, H, T, D].</summary>
    public static Tensor Split(Tensor x, long heads) => x.view(x.shape[0], x.shape[1], heads, -1).transpose(1, 2);

    /// <summary>Softmax(q kᵀ / √D) v over what the context lets through, back as [B, T, H·D].</summary>
    /// <param name="q">[B, H, T, D].</param>
    /// <param name="k">[B, G, T, D]; each of the G groups serves H / G heads.</param>
    /// <param name="v">[B, G, T, D].</param>
    /// <param name="layer">Zero-based.</param>
    /// <param name="isWindowed">Whether the layer has a sliding window.</param>
    /// <param name="dropout">On the probabilities.</param>
    /// <param name="context">The pass.</param>
    public static Tensor Attend(Tensor q, Tensor k, Tensor v, int layer, bool isWindowed, double dropout, AttentionContext context)
    {
        if (context.Cache is { } cache)
            (k, v) = cache.Append(layer, k, v);
        long groups = q.shape[1] / k.shape[1];
        if (groups > 1)
            (k, v) = (k.repeat_interleave(groups, dim: 1), v.repeat_interleave(groups, dim: 1));
        var window = isWindowed ? context.WindowMask : null;
        var y = nn.functional.scaled_dot_product_attention(q, k, v, window ?? context.Mask, dropout, window is null && context.IsCausal);   // [B, H, T, D]
        return y.transpose(1, 2).reshape(q.shape[0], q.shape[2], -1);   // [B, T, H·D]
    }

    /// <summary>Turns the pairs (i, i + D/2) of each head by the position's angles; keeps the type, also under autocast.</summary>
    public static Tensor Rotate(Tensor x, AttentionContext context)
    {
        var (cosines, sines) = (context.Cosines!, context.Sines!);   // models with rotary positions set both
        var halves = x.chunk(2, -1);
        return (x * cosines).Plus(cat([-halves[1], halves[0]], -1) * sines).to_type(x.dtype);
    }
}
