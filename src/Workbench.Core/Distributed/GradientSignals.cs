using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Workbench.Distributed;

/// <summary>
/// Tells during a backward pass which gradients are there. TorchSharp has no hooks on tensors: each layer's input passes
/// through an identity whose backward runs after the layer's own. A layer whose input needs no gradient gives no sign, and
/// neither does a use of a weight outside of its layer; their buckets wait for the end, and one that grew after it had
/// left is sent again.
/// </summary>
internal sealed class GradientSignals : IDisposable
{
    private static GradientSignals? _current;

    private readonly Action _signalled;
    private readonly Dictionary<int, List<nint>> _parametersOfLayer = [];
    private readonly Dictionary<nint, int> _layersOfParameter = [];
    private readonly Dictionary<nint, Parameter> _parameters;
    private readonly Dictionary<int, int> _calls = [];
    private readonly Dictionary<nint, int> _ready = [];
    private readonly Dictionary<GradientBucket, List<double?>> _sent = [];
    private readonly List<Action> _unhook = [];

    public GradientSignals(nn.Module module, IReadOnlyList<GradientBucket> buckets, Action signalled)
    {
        _signalled = signalled;
        _parameters = buckets.SelectMany(bucket => bucket.Parameters).ToDictionary(parameter => parameter.Handle);
        if (Interlocked.CompareExchange(ref _current, this, null) is not null)
            throw new InvalidOperationException("Another module of this process overlaps its gradients. Dispose it first, or take Overlap = Off.");
        foreach (var (_, layer) in module.named_modules())
        {
            var own = layer.named_parameters(recurse: false).Select(pair => pair.parameter.Handle).Where(_parameters.ContainsKey).Distinct().ToList();
            if (own.Count == 0 || layer is not nn.Module<Tensor, Tensor> single)
                continue;
            int number = _parametersOfLayer.Count;
            _parametersOfLayer.Add(number, own);
            foreach (nint parameter in own)
                _layersOfParameter[parameter] = _layersOfParameter.GetValueOrDefault(parameter) + 1;
            _unhook.Add(single.register_forward_pre_hook((_, input) => Watch(number, input)).remove);
        }
    }

    public void Arm()
    {
        _calls.Clear();
        _ready.Clear();
        _sent.Clear();
    }

    /// <summary>Whether every layer of every parameter of the bucket has given its sign.</summary>
    public bool IsReady(GradientBucket bucket) => bucket.Parameters.All(parameter =>
        _layersOfParameter.TryGetValue(parameter.Handle, out int layers) && _ready.GetValueOrDefault(parameter.Handle) >= layers);

    /// <summary>Remembers what is sent now.</summary>
    public void Note(GradientBucket bucket)
    {
        _sent[bucket] = Sums(bucket);
    }

    /// <summary>Whether a gradient has changed since the bucket was sent.</summary>
    public bool IsLate(GradientBucket bucket)
    {
        return _sent.TryGetValue(bucket, out var then) && !then.SequenceEqual(Sums(bucket));   // NaN equals NaN here
    }

    public void Dispose()
    {
        _unhook.ForEach(remove => remove());
        _current = null;
    }

    // TorchSharp does not show a tensor's version; the sum of its elements, computed the same way twice, tells as much.
    private static List<double?> Sums(GradientBucket bucket)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        return bucket.Parameters.Select(parameter => parameter.grad?.sum().to(CPU).to_type(ScalarType.Float64).item<double>()).ToList();
    }

    private Tensor Watch(int layer, Tensor input)
    {
        if (!input.requires_grad || !is_grad_enabled())
            return input;
        _calls[layer] = _calls.GetValueOrDefault(layer) + 1;
        return Signal.apply(input, layer);
    }

    private void Came(int layer)
    {
        int left = _calls.GetValueOrDefault(layer) - 1;
        _calls[layer] = left;
        if (left != 0)   // it was called more than once; its first call ends last
            return;
        foreach (nint parameter in _parametersOfLayer[layer])
            _ready[parameter] = _ready.GetValueOrDefault(parameter) + 1;
        _signalled();
    }

    private sealed class Signal : autograd.SingleTensorFunction<Signal>
    {
        public override string Name => "GradientSignal";

        public override Tensor forward(autograd.AutogradContext context, params object[] values)
        {
            context.save_data("layer", (int)values[1]);
            return ((Tensor)values[0]).alias();
        }

        public override List<Tensor> backward(autograd.AutogradContext context, Tensor gradient)
        {
            _current?.Came((int)context.get_data("layer"));
            return [gradient.alias(), null!];   // a number has no gradient
        }
    }
}
