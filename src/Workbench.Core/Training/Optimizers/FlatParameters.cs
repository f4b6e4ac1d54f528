using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Workbench.Training.Optimizers;

/// <summary>
/// All trained parameters as views of one tensor, and their gradients as views of another, the decaying ones first. N is
/// the number of all weights, N_d that of the decaying.
/// </summary>
internal sealed class FlatParameters : IDisposable
{
    private readonly IReadOnlyList<(string Name, long Start, long Length, long[] Shape)> _parts;

    public FlatParameters(IReadOnlyList<(string Name, Parameter Value)> parameters, OptimizerSettings options)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var ordered = parameters.OrderByDescending(parameter => TrainedParameters.Decays(parameter.Value, options)).ToList();
        Values = cat(ordered.Select(parameter => parameter.Value.reshape(-1)).ToList()).DetachFromDisposeScope();
        Gradients = zeros_like(Values).DetachFromDisposeScope();
        var parts = new List<(string, long, long, long[])>();
        long start = 0;
        foreach (var (name, parameter) in ordered)
        {
            long length = parameter.numel();
            long[] shape = parameter.shape;
            parameter.set_(Values.narrow(0, start, length).view(shape));
            parameter.grad = Gradients.narrow(0, start, length).view(shape);
            parts.Add((name, start, length, shape));
            start += length;
            DecayingCount = TrainedParameters.Decays(parameter, options) ? start : DecayingCount;
        }
        _parts = parts;
        Decaying = Values.narrow(0, 0, DecayingCount).DetachFromDisposeScope();
    }

    /// <summary>[N].</summary>
    public Tensor Values { get; }

    /// <summary>[N]; zeroed in place, never taken away from the parameters.</summary>
    public Tensor Gradients { get; }

    /// <summary>[N_d] the part of <see cref="Values"/> that decays.</summary>
    public Tensor Decaying { get; }

    /// <summary>N_d.</summary>
    public long DecayingCount { get; }

    /// <summary>Why parameters cannot be laid side by side; null when they can.</summary>
    public static string? WhyNot(IReadOnlyList<(string Name, Parameter Value)> parameters) =>
        parameters.Select(parameter => (parameter.Value.dtype, Device: parameter.Value.device.ToString())).Distinct().Skip(1).Any()
            ? $"the parameters are of different types or devices ({string.Join(", ", parameters.Select(parameter => $"{parameter.Value.dtype} on {parameter.Value.device}").Distinct())})" : null;

    public void ClearGradients()
    {
        using var gradients = no_grad();
        using var zeroed = Gradients.zero_();
    }

    /// <summary>A tensor [N] of the optimizer's as one tensor a parameter.</summary>
    public IEnumerable<(string Name, Tensor Value)> Split(string prefix, Tensor flat) =>
        _parts.Select(part => ($"{prefix}.{part.Name}", flat.narrow(0, part.Start, part.Length).view(part.Shape)));

    public void Dispose()
    {
        // The parameters keep what they show; the wrappers go.
        Values.Dispose();
        Gradients.Dispose();
        Decaying.Dispose();
    }
}
