using static TorchSharp.torch;

namespace Workbench.LanguageModels;

/// <summary>
/// Keys and values of the tokens that a model has seen, so that the next token costs one step. For one batch of one
/// model; not thread-safe.
/// </summary>
public sealed class KeyValueCache : IDisposable
{
    private const long SmallestCapacity = 64;
    private readonly Dictionary<int, (Tensor Keys, Tensor Values)> _layers = [];

    /// <summary>Tokens held.</summary>
    public long Length { get; private set; }

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        foreach (var (keys, values) in _layers.Values)
        {
            keys.Dispose();
            values.Dispose();
        }
        _layers.Clear();
    }

    /// <summary>All keys and values of a layer, the new ones last, [B, G, Length + T, D]. The length grows by <see cref="Advance"/>.</summary>
    internal (Tensor Keys, Tensor Values) Append(int layer, Tensor keys, Tensor values)
    {
        long length = Length + keys.shape[2];
        if (!_layers.TryGetValue(layer, out var kept) || kept.Keys.shape[2] < length)
            kept = _layers[layer] = (Grown(kept.Keys, keys, length), Grown(kept.Values, values, length));
        return (Put(kept.Keys, keys, length), Put(kept.Values, values, length));
    }

    internal void Advance(long tokens) => Length += tokens;

    private Tensor Grown(Tensor? old, Tensor like, long length)
    {
        long capacity = Math.Max(SmallestCapacity, Math.Max(length, 2 * (old?.shape[2] ?? 0)));
        var grown = empty([like.shape[0], like.shape[1], capacity, like.shape[3]], like.dtype, like.device).DetachFromDisposeScope();
        if (old is not null)
        {
            grown.narrow(2, 0, Length).copy_(old.narrow(2, 0, Length));
            old.Dispose();
        }
        return grown;
    }

    private Tensor Put(Tensor all, Tensor added, long length)
    {
        all.narrow(2, Length, added.shape[2]).copy_(added);
        return all.narrow(2, 0, length);
    }
}
