using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Workbench.Distributed;

/// <summary>Parameters whose gradients lie side by side and are reduced together.</summary>
internal sealed class GradientBucket : IDisposable
{
    private readonly Tensor _flat;
    private readonly Tensor? _wire;
    private readonly IReadOnlyList<Tensor> _views;

    private CollectiveWork _work = CollectiveWork.Done;

    public GradientBucket(IReadOnlyList<int> indices, IReadOnlyList<Parameter> parameters, bool compresses)
    {
        (Indices, Parameters) = (indices, parameters);
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var first = parameters[0];
        _flat = zeros(parameters.Sum(parameter => parameter.numel()), first.dtype, first.device).DetachFromDisposeScope();
        _wire = compresses && first.dtype == ScalarType.Float32 ? empty_like(_flat, ScalarType.BFloat16).DetachFromDisposeScope() : null;
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

    public long Bytes => (_wire ?? _flat).numel() * (_wire ?? _flat).element_size();

    /// <summary>The reduction that was begun last.</summary>
    public CollectiveWork Work => _work;

    /// <summary>Whether it was begun in this step.</summary>
    public bool IsLaunched { get; private set; }

    public void Arm() => IsLaunched = false;

    /// <summary>Takes the gradients there are, zeros for the others, and begins their sum over all ranks.</summary>
    public void Launch(ICollective ranks)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        for (int i = 0; i < Parameters.Count; i++)
        {
            if (Parameters[i].grad is { } gradient)
                _views[i].copy_(gradient);
            else
                _views[i].zero_();
        }
        _wire?.copy_(_flat);
        _work = ranks.AllReduce(_wire ?? _flat);
        IsLaunched = true;
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
            _flat.copy_(_wire);
        for (int i = 0; i < Parameters.Count; i++)
        {
            if (inPlace && Parameters[i].grad is { } gradient)
                gradient.copy_(_views[i]);
            else
                Parameters[i].grad = isUsed(Indices[i]) ? _views[i] : null;
        }
    }

    public void Dispose()
    {
        foreach (var view in _views)
            view.Dispose();
        _wire?.Dispose();
        _flat.Dispose();
    }
}
