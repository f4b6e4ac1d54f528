using System.Globalization;
using TorchSharp.Modules;
using Workbench.Tensors;
using static TorchSharp.torch;

namespace Workbench.Distributed;

/// <summary>
/// Batch normalisation (Ioffe and Szegedy 2015) over the rows of all ranks: y = (x - E[x]) / √(Var[x] + ε) · γ + β by channel.
/// On one rank it is BatchNorm1d to 3d. On several it normalises as one rank with all rows would, which matters when a
/// rank's part of a batch is small. All ranks call it in the same order, each with at least one row.
/// </summary>
public sealed class SyncBatchNorm : nn.Module<Tensor, Tensor>
{
    private const string Weight = "weight", Bias = "bias", Mean = "running_mean", Variance = "running_var", Batches = "num_batches_tracked";   // PyTorch's names

    private readonly ICollective _ranks;
    private readonly double _momentum;

    /// <param name="features">Channels C, at least 1.</param>
    /// <param name="ranks">Default <see cref="Collective.Current"/>.</param>
    /// <param name="epsilon">Added to the variance; default 1e-5.</param>
    /// <param name="momentum">Share of the newest batch in the running figures; default 0.1.</param>
    /// <param name="affine">Whether there are γ and β to learn; default true.</param>
    public SyncBatchNorm(long features, ICollective? ranks = null, double epsilon = 1e-5, double momentum = 0.1, bool affine = true)
        : this(features, ranks, epsilon, momentum, affine, null, null)
    {
    }

    private SyncBatchNorm(long features, ICollective? ranks, double epsilon, double momentum, bool affine, ScalarType? type, Device? device) : base(nameof(SyncBatchNorm))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        (_ranks, Epsilon, _momentum, Features) = (ranks ?? Collective.Current, epsilon, momentum, features);
        if (affine)
        {
            register_parameter(Weight, new(ones(features, type, device)));
            register_parameter(Bias, new(zeros(features, type, device)));
        }
        register_buffer(Mean, zeros(features, type, device).DetachFromDisposeScope());
        register_buffer(Variance, ones(features, type, device).DetachFromDisposeScope());
        register_buffer(Batches, zeros([], ScalarType.Int64, device).DetachFromDisposeScope());
    }

    /// <summary>Goes on where another has come, which keeps running figures and a momentum.</summary>
    internal SyncBatchNorm(NormBase like, ICollective ranks)
        : this(like.num_features, ranks, like.eps, like.momentum ?? 0, like.affine, like.running_mean!.dtype, like.running_mean.device)   // it keeps them
    {
        using var gradients = no_grad();
        var values = like.state_dict();
        foreach (var (name, value) in state_dict())
            value.copy_(values[name]);
        foreach (var (name, parameter) in named_parameters())
            parameter.requires_grad = like.get_parameter(name)!.requires_grad;   // has the same
        train(like.training);
    }

    /// <summary>Channels C.</summary>
    public long Features { get; }

    /// <summary>Added to the variance.</summary>
    public double Epsilon { get; }

    /// <summary>
    /// Puts normalisation over all ranks in the place of every BatchNorm1d to 3d inside of a module, with its weights and running
    /// figures, under its name. Before the optimizer is made. The replaced ones are disposed of: what still calls one fails.
    /// </summary>
    /// <param name="module">Whatever holds them: a Sequential, or a module of one's own whose fields or lists are of the type <c>nn.Module&lt;Tensor, Tensor&gt;</c>.</param>
    /// <param name="ranks">Default <see cref="Collective.Current"/>.</param>
    /// <returns>The names of the replaced modules.</returns>
    /// <exception cref="ArgumentException">One cannot be replaced; lists each by its name, and nothing was changed.</exception>
    public static IReadOnlyList<string> Convert(nn.Module module, ICollective? ranks = null) => BatchNormReplacement.In(module, ranks ?? Collective.Current);

    /// <param name="input">[N, C] or [N, C, ...].</param>
    /// <returns>The same shape.</returns>
    /// <exception cref="ArgumentException">The input has other channels.</exception>
    public override Tensor forward(Tensor input)
    {
        if (input.dim() < 2 || input.shape[1] != Features)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The input has the shape [{string.Join(", ", input.shape)}]; [N, {Features}, ...] is needed."), nameof(input));
        using var scope = NewDisposeScope();
        long[] others = [0, .. Enumerable.Range(2, (int)input.dim() - 2).Select(dimension => (long)dimension)];
        long[] channel = [1, input.shape[1], .. Enumerable.Repeat(1L, (int)input.dim() - 2)];
        Tensor mean, variance;   // [C]
        if (training)
        {
            var count = tensor((double)(input.numel() / input.shape[1]), input.dtype, input.device);
            _ranks.AllReduce(count).Wait();
            mean = Sum.Over(_ranks, input.sum(others)) / count;
            variance = Sum.Over(_ranks, (input - mean.view(channel)).Squared().sum(others)) / count;
            Track(mean, variance, count);
        }
        else
            (mean, variance) = (get_buffer(Mean)!, get_buffer(Variance)!);
        var scale = variance.Plus(Epsilon).rsqrt();
        if (get_parameter(Weight) is { } weight)
            scale *= weight;
        var normal = (input - mean.view(channel)) * scale.view(channel);
        return (get_parameter(Bias) is { } bias ? normal.Plus(bias.view(channel)) : normal).MoveToOuterDisposeScope();
    }

    private void Track(Tensor mean, Tensor variance, Tensor count)
    {
        using var gradients = no_grad();
        get_buffer(Batches)!.AddInPlace(1);
        get_buffer(Mean)!.lerp_(mean, _momentum);
        get_buffer(Variance)!.lerp_(variance * count / count.Minus(1), _momentum);   // unbiased, as PyTorch's
    }

    // Every rank's loss depends on every rank's rows: the gradient of a sum over ranks is the sum of gradients over ranks.
    private sealed class Sum : autograd.SingleTensorFunction<Sum>
    {
        public override string Name => "SumOverRanks";

        public static Tensor Over(ICollective ranks, Tensor value) => ranks.Size == 1 ? value : apply(value, ranks);

        public override Tensor forward(autograd.AutogradContext context, params object[] values)
        {
            var ranks = (ICollective)values[1];
            context.save_data("ranks", ranks);
            return Reduced((Tensor)values[0], ranks);
        }

        public override List<Tensor> backward(autograd.AutogradContext context, Tensor gradient) =>
            [Reduced(gradient, (ICollective)context.get_data("ranks")), null!];   // ranks have no gradient

        private static Tensor Reduced(Tensor value, ICollective ranks)
        {
            var sum = value.contiguous().clone();
            ranks.AllReduce(sum).Wait();
            return sum;
        }
    }
}
