using System.Runtime.InteropServices;
using Workbench.Data;
using static TorchSharp.torch;

namespace Workbench.Training;

/// <summary>Moves a module's float32 weights to and from safetensors.</summary>
internal static class ModuleWeights
{
    /// <summary>Every weight under its state-dict name, ordered by name.</summary>
    public static IReadOnlyList<SafeTensor> Take(nn.Module module)
    {
        using var scope = NewDisposeScope();
        return module.state_dict().OrderBy(weight => weight.Key, StringComparer.Ordinal).Select(weight => new SafeTensor
        {
            Name = weight.Key,
            Type = "F32",
            Shape = weight.Value.shape,
            Data = weight.Value.detach().cpu().contiguous().bytes.ToArray(),
        }).ToList();
    }

    /// <summary>Copies weights into a module; both must have the same names and shapes.</summary>
    /// <exception cref="DataException">A weight is missing, left over, or of another shape or type.</exception>
    public static void Put(nn.Module module, IReadOnlyList<SafeTensor> weights, string origin)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var targets = module.state_dict();
        if (!targets.Keys.Order(StringComparer.Ordinal).SequenceEqual(weights.Select(weight => weight.Name).Order(StringComparer.Ordinal)))
            throw new DataException(
                $"'{origin}' holds the weights {string.Join(", ", weights.Select(weight => weight.Name))}; the network has {string.Join(", ", targets.Keys)}.")
            { Origin = origin };
        foreach (var weight in weights)
        {
            var target = targets[weight.Name];
            if (weight.Type != "F32" || !weight.Shape.SequenceEqual(target.shape))
                throw new DataException(
                    $"Weight '{weight.Name}' in '{origin}' is {weight.Type} [{string.Join(", ", weight.Shape)}]; the network needs F32 [{string.Join(", ", target.shape)}].")
                { Origin = origin };
            target.copy_(tensor(MemoryMarshal.Cast<byte, float>(weight.Data.Span).ToArray(), weight.Shape.ToArray()));
        }
    }
}
