using TorchSharp.Modules;
using Workbench.Tensors;
using Workbench.Training.Native;
using static TorchSharp.torch;

namespace Workbench.Training.Optimizers;

/// <summary>
/// AdamW by libtorch's <c>_fused_adamw_</c>, which reads and writes each weight once. Parameters without a gradient are
/// left alone, as the builtin does.
/// </summary>
internal sealed unsafe class FusedAdamW : IStepOptimizer
{
    // at::_ops::_fused_adamw_::call(TensorList self, grads, exp_avgs, exp_avg_sqs, max_exp_avg_sqs, state_steps,
    //   double lr, beta1, beta2, weight_decay, eps, bool amsgrad, maximize, const optional<Tensor>& grad_scale, found_inf)
    private static readonly delegate* unmanaged<Span, Span, Span, Span, Span, Span, double, double, double, double, double, byte, byte, void*, void*, void> Call =
        (delegate* unmanaged<Span, Span, Span, Span, Span, Span, double, double, double, double, double, byte, byte, void*, void*, void>)
        TorchSymbols.Find("_ZN2at4_ops13_fused_adamw_4callEN3c108ArrayRefINS_6TensorEEES5_S5_S5_S5_S5_dddddbbRKSt8optionalIS4_ES9_");

    private readonly OptimizerSettings _options;
    private readonly List<Slot> _slots;
    private readonly Tensor _steps;

    public FusedAdamW(IReadOnlyList<(string Name, Parameter Value)> parameters, OptimizerSettings options)
    {
        _options = options;
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        // One tensor for all counts, so that counting is one operation; a view of one element each for the kernel.
        _steps = zeros(parameters.Count, device: parameters[0].Value.device).DetachFromDisposeScope();
        _slots = parameters.Select((parameter, index) => new Slot(
            parameter.Name, parameter.Value, zeros_like(parameter.Value).DetachFromDisposeScope(), zeros_like(parameter.Value).DetachFromDisposeScope(),
            _steps.select(0, index).DetachFromDisposeScope(), TrainedParameters.Decays(parameter.Value, options))).ToList();
    }

    public OptimizerEngine Engine => OptimizerEngine.Fused;

    /// <summary>Why the kernel cannot be used; null when it can.</summary>
    public static string? WhyNot(IReadOnlyList<(string Name, Parameter Value)> parameters) =>
        Call == null ? "this build of libtorch has no fused AdamW under its known name"
        : FlatParameters.WhyNot(parameters) is { } mixed ? mixed
        : parameters[0].Value.dtype is not (ScalarType.Float32 or ScalarType.Float64) ? $"the parameters are {parameters[0].Value.dtype}, and it takes Float32 or Float64"
        : null;

    public void ClearGradients()
    {
        foreach (var slot in _slots)
            slot.Parameter.grad = null;
    }

    public IReadOnlyList<Tensor> Gradients() => _slots.Select(slot => slot.Parameter.grad).OfType<Tensor>().ToList();

    public void Step(double learningRate)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var present = _slots.Select(slot => (Slot: slot, Gradient: slot.Parameter.grad)).Where(pair => pair.Gradient is not null).ToList();
        if (present.Count == _slots.Count)
            _steps.AddInPlace(1);
        else
            foreach (var (slot, _) in present)
                slot.Steps.AddInPlace(1);
        foreach (var group in present.GroupBy(pair => pair.Slot.Decays))
            Step([.. group.Select(pair => (pair.Slot, pair.Gradient!))], learningRate, group.Key ? _options.WeightDecay : 0);   // those without were left out
    }

    // A TensorList is an array of at::Tensor, each one pointer; a handle points to an at::Tensor.
    private void Step((Slot Slot, Tensor Gradient)[] group, double learningRate, double weightDecay)
    {
        int count = group.Length;
        var pointers = new nint[5 * count];
        for (int i = 0; i < count; i++)
        {
            pointers[i] = *(nint*)group[i].Slot.Parameter.Handle;
            pointers[count + i] = *(nint*)group[i].Gradient.Handle;
            pointers[2 * count + i] = *(nint*)group[i].Slot.Mean.Handle;
            pointers[3 * count + i] = *(nint*)group[i].Slot.Square.Handle;
            pointers[4 * count + i] = *(nint*)group[i].Slot.Steps.Handle;
        }
        long* none = stackalloc long[4] { 0, 0, 0, 0 };   // an empty std::optional<Tensor>
        fixed (nint* first = pointers)
            Call(List(first, 0, count), List(first, 1, count), List(first, 2, count), List(first, 3, count), default, List(first, 4, count),
                learningRate, _options.Beta1, _options.Beta2, weightDecay, _options.Epsilon, 0, 0, none, none);
        GC.KeepAlive(group);
    }

    public IReadOnlyList<(string, Tensor)> State() =>
    [
        .. _slots.Select(slot => ($"mean.{slot.Name}", slot.Mean)), .. _slots.Select(slot => ($"square.{slot.Name}", slot.Square)),
        .. _slots.Select(slot => ($"steps.{slot.Name}", slot.Steps)),
    ];

    public void Load(IReadOnlyDictionary<string, Tensor> state)
    {
        foreach (var (name, target) in State())
            OptimizerState.Copy(state, name, target);
    }

    public void Dispose()
    {
        foreach (var slot in _slots)
        {
            slot.Mean.Dispose();
            slot.Square.Dispose();
            slot.Steps.Dispose();
        }
        _steps.Dispose();
    }

    private static Span List(nint* first, int row, int count) => new() { Data = first + row * count, Length = (nuint)count };

    private sealed record Slot(string Name, Parameter Parameter, Tensor Mean, Tensor Square, Tensor Steps, bool Decays);

    // c10::ArrayRef.
    private struct Span
    {
        public void* Data;
        public nuint Length;
    }
}
