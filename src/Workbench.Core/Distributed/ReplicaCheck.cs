using System.Security.Cryptography;
using System.Text;
using static TorchSharp.torch;

namespace Workbench.Distributed;

/// <summary>Sees that all ranks train the same module before anything travels: ranks that differ would wait for each other for ever.</summary>
internal static class ReplicaCheck
{
    /// <exception cref="DistributedException">A rank differs; every rank throws and says where the first difference to rank 0 is.</exception>
    public static void Require(nn.Module module, string settings, ICollective ranks)
    {
        if (ranks.Size == 1)
            return;
        string own = string.Join('\n', Lines(module, settings));
        using var hash = tensor((long[])[BitConverter.ToInt64(SHA256.HashData(Encoding.UTF8.GetBytes(own)))]);
        using var all = zeros(ranks.Size, ScalarType.Int64);
        ranks.AllGather(hash, all).Wait();
        long[] hashes = all.data<long>().ToArray();
        int other = Array.FindIndex(hashes, value => value != hashes[0]);
        if (other < 0)
            return;
        string[] first = TensorExchange.Broadcast(ranks.Rank == 0 ? own : null, ranks).Split('\n');
        string[] second = TensorExchange.Broadcast(ranks.Rank == other ? own : null, ranks, other).Split('\n');
        int line = 0;
        while (line < first.Length && line < second.Length && first[line] == second[line])
            line++;
        string At(string[] lines) => line < lines.Length ? lines[line] : "nothing more";
        throw new DistributedException(
            $"Rank {other} does not train what rank 0 trains: rank 0 has {At(first)}, rank {other} has {At(second)}. Build the same module with the same options and data on every rank.");
    }

    private static IEnumerable<string> Lines(nn.Module module, string settings) =>
    [
        .. settings.Split('\n').Where(line => line.Length > 0),
        .. module.named_parameters().Select(pair => $"the parameter '{pair.name}' {Text(pair.parameter)}{(pair.parameter.requires_grad ? "" : ", frozen")}"),
        .. module.named_buffers().Select(pair => $"the buffer '{pair.name}' {Text(pair.buffer)}"),
    ];

    private static string Text(Tensor tensor) => $"{tensor.dtype} [{string.Join(", ", tensor.shape)}]";
}
