using System.Text;
using System.Text.Json;
using static TorchSharp.torch;

namespace Workbench.Distributed;

/// <summary>Moves lists of tensors and texts between ranks.</summary>
internal static class TensorExchange
{
    /// <summary>Replaces tensors by rank <paramref name="root"/>'s; those of one type travel together.</summary>
    public static void BroadcastInto(IReadOnlyList<Tensor> tensors, ICollective ranks, int root = 0)
    {
        if (ranks.Size == 1 || tensors.Count == 0)
            return;
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        foreach (var group in tensors.GroupBy(tensor => (tensor.dtype, Device: tensor.device.ToString())))
        {
            var flat = group.Count() == 1 && group.First().is_contiguous() ? group.First() : cat(group.Select(tensor => tensor.detach().reshape(-1)).ToList());
            ranks.Broadcast(flat, root).Wait();
            if (group.Count() == 1 && flat.Handle == group.First().Handle || ranks.Rank == root)
                continue;
            long start = 0;
            foreach (var tensor in group)
            {
                tensor.copy_(flat.narrow(0, start, tensor.numel()).view(tensor.shape));
                start += tensor.numel();
            }
        }
    }

    /// <summary>Gives every rank the text of <paramref name="root"/>.</summary>
    public static string Broadcast(string? text, ICollective ranks, int root = 0)
    {
        if (ranks.Size == 1)
            return text!;   // the root has one
        byte[] bytes = ranks.Rank == root ? Encoding.UTF8.GetBytes(text!) : [];
        using var length = tensor((long[])[bytes.Length]);
        ranks.Broadcast(length, root).Wait();
        long count = length.item<long>();
        if (count == 0)
            return "";
        using var content = ranks.Rank == root ? tensor(bytes, ScalarType.Byte) : empty(count, ScalarType.Byte);
        ranks.Broadcast(content, root).Wait();
        return Encoding.UTF8.GetString(content.bytes);
    }

    /// <summary>Named tensors of <paramref name="root"/> on every rank, on the CPU of the others. Wrappers go to the current dispose scope.</summary>
    /// <param name="tensors">On the root; not looked at elsewhere.</param>
    /// <param name="ranks">Who takes part.</param>
    /// <param name="root">Whose they are.</param>
    public static IReadOnlyList<(string Name, Tensor Value)> Broadcast(IReadOnlyList<(string Name, Tensor Value)>? tensors, ICollective ranks, int root = 0)
    {
        if (ranks.Size == 1)
            return tensors!;   // the root has some
        bool isRoot = ranks.Rank == root;
        string list = Broadcast(isRoot ? JsonSerializer.Serialize(tensors!.Select(pair => new Entry(pair.Name, pair.Value.dtype.ToString(), pair.Value.shape))) : null, ranks, root);
        var entries = JsonSerializer.Deserialize<List<Entry>>(list)!;   // written two lines above
        using var gradients = no_grad();
        var values = isRoot ? tensors!.Select(pair => (pair.Name, Value: pair.Value.detach().cpu().contiguous())).ToList()
            : entries.Select(entry => (entry.Name, Value: empty(entry.Shape, Enum.Parse<ScalarType>(entry.Type)))).ToList();
        foreach (var (_, value) in values)
            if (value.numel() > 0)
                ranks.Broadcast(value, root).Wait();
        return isRoot ? tensors! : values;
    }

    private sealed record Entry(string Name, string Type, long[] Shape);
}
