using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Workbench.Distributed;

/// <summary>Parameters whose gradients are reduced together: side by side in a tensor of their own, or one gradient where it is.</summary>
internal sealed class GradientBucket : IDisposable
{
    private readonly Tensor? _flat, _wire;
    private readonly IReadOnlyList<Tensor> _views = [];
    private readonly string _name;

    private Tensor? _own;
    private CollectiveWork _work = CollectiveWork.Done;

    /// <param name="name">What a timeline calls it.</param>
    /// <param name="indices">Places of the parameters among all.</param>
    /// <param name="parameters">Of one type on one device.</param>
    /// <param name="compresses">Whether float32 travels as bfloat16.</param>
    /// <param name="copies">Whether the gradients are copied to be reduced, so that they are still there when they grow after that. Else a single one is reduced in place.</param>
    public GradientBucket(string name, IReadOnlyList<int> indices, IReadOnlyList<Parameter> parameters, bool compresses, bool copies)
    {
        (_name, Indices, Parameters) = (name, indices, parameters);
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var first = parameters[0];
        compresses &= first.dtype == ScalarType.Float32;
        long count = parameters.Sum(parameter => parameter.numel());
        if (!copies && !compresses && parameters.Count == 1)
            return;
        _flat = zeros(count, first.dtype, first.device).DetachFromDisposeScope();
        _wire = compresses ? empty_like(_flat, ScalarType.BFloat16).DetachFromDisposeScope() : null;
        long start = 0;
        var views = new List<Tensor>();
        foreach (var parameter in parameters)
        {
            views.Add(_flat.narrow(0, start, parameter.numel()).view(parameter.shape).DetachFromDisposeScope());
            start += parameter.numel();
        }
        _views = views;
    }

    /// <summary>Places of its parameters among all.</summary>
    public IReadOnlyList<int> Indices { get; }

    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>The reduction that was begun last.</summary>
    public CollectiveWork Work => _work;

    /// <summary>Takes the gradients there are, zeros for the others, and begins their sum over all ranks.</summary>
    public void Launch(ICollective ranks)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        _work = ranks.AllReduce(_flat is null ? OwnGradient() : Gathered(_flat));
        _work.Subject = _name;
    }

    /// <summary>Waits for the sum and gives it to the parameters that any rank has used; the others keep no gradient.</summary>
    /// <param name="isUsed">By place among all parameters.</param>
    /// <param name="inPlace">Whether a gradient tensor that is there stays, as an optimizer wants it that holds all of them in one.</param>
    public void Land(Func<int, bool> isUsed, bool inPlace)
    {
        _work.Wait();
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        if (_wire is not null)
            _flat!.copy_(_wire);   // there is one where there is a wire
        for (int i = 0; i < Parameters.Count; i++)
        {
            var sum = _own ?? _views[i];
            if (inPlace && Parameters[i].grad is { } gradient)
                gradient.copy_(sum);   // nothing to do where it is the sum
            else
                Parameters[i].grad = isUsed(Indices[i]) ? sum : null;
        }
        Forget();
    }

    public void Dispose()
    {
        Forget();
        foreach (var view in _views)
            view.Dispose();
        _wire?.Dispose();
        _flat?.Dispose();
    }

    private Tensor OwnGradient()
    {
        Forget();
        return _own = (Parameters[0].grad ?? zeros_like(Parameters[0])).contiguous().DetachFromDisposeScope();
    }

    private Tensor Gathered(Tensor flat)
    {
        for (int i = 0; i < Parameters.Count; i++)
        {
            if (Parameters[i].grad is { } gradient)
                _views[i].copy_(gradient);
            else
                _views[i].zero_();
        }
        return _wire?.copy_(flat) ?? flat;
    }

    private void Forget()
    {
        _own?.Dispose();
        _own = null;
    }
}
