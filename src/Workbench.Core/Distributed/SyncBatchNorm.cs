using System.Globalization;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Workbench.Distributed;

/// <summary>
/// Batch normalisation (Ioffe and Szegedy 2015) over the rows of all ranks: y = (x - E[x]) / √(Var[x] + ε) · γ + β by channel.
/// On one rank it is BatchNorm1d to 3d. On several it normalises as one rank with all rows would, which matters when a
/// rank's part of a batch is small. All ranks call it in the same order, each with at least one row.
/// </summary>
public sealed class SyncBatchNorm : nn.Module<Tensor, Tensor>
{
    private readonly ICollective _ranks;
    private readonly double _epsilon, _momentum;
    private readonly Parameter weight, bias;
    private readonly Tensor running_mean, running_var, num_batches_tracked;

    /// <param name="features">Channels C, at least 1.</param>
    /// <param name="ranks">Default <see cref="Collective.Current"/>.</param>
    /// <param name="epsilon">Added to the variance; default 1e-5.</param>
    /// <param name="momentum">Share of the newest batch in the running figures; default 0.1.</param>
    public SyncBatchNorm(long features, ICollective? ranks = null, double epsilon = 1e-5, double momentum = 0.1) : base(nameof(SyncBatchNorm))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        (_ranks, _epsilon, _momentum) = (ranks ?? Collective.Current, epsilon, momentum);
        (weight, bias) = (new(ones(features)), new(zeros(features)));
        (running_mean, running_var, num_batches_tracked) = (zeros(features), ones(features), zeros([], ScalarType.Int64));
        // The names that PyTorch's have.
        register_parameter(nameof(weight), weight);
        register_parameter(nameof(bias), bias);
        register_buffer(nameof(running_mean), running_mean);
        register_buffer(nameof(running_var), running_var);
        register_buffer(nameof(num_batches_tracked), num_batches_tracked);
    }

    /// <param name="input">[N, C] or [N, C, ...].</param>
    /// <returns>The same shape.</returns>
    /// <exception cref="ArgumentException">The input has other channels.</exception>
    public override Tensor forward(Tensor input)
    {
        if (input.dim() < 2 || input.shape[1] != get_parameter(nameof(weight))!.shape[0])
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The input has the shape [{string.Join(", ", input.shape)}]; [N, {get_parameter(nameof(weight))!.shape[0]}, ...] is needed."), nameof(input));
        using var scope = NewDisposeScope();
        long[] others = [0, .. Enumerable.Range(2, (int)input.dim() - 2).Select(dimension => (long)dimension)];
        long[] channel = [1, input.shape[1], .. Enumerable.Repeat(1L, (int)input.dim() - 2)];
        Tensor mean, variance;   // [C]
        if (training)
        {
            var count = tensor((double)(input.numel() / input.shape[1]), input.dtype, input.device);
            _ranks.AllReduce(count).Wait();
            mean = Sum.Over(_ranks, input.sum(others)) / count;
            variance = Sum.Over(_ranks, (input - mean.view(channel)).square().sum(others)) / count;
            Track(mean, variance, count);
        }
        else
            (mean, variance) = (get_buffer(nameof(running_mean))!, get_buffer(nameof(running_var))!);
        var scale = (variance + _epsilon).rsqrt() * get_parameter(nameof(weight))!;
        return ((input - mean.view(channel)) * scale.view(channel) + get_parameter(nameof(bias))!.view(channel)).MoveToOuterDisposeScope();
    }

    private void Track(Tensor mean, Tensor variance, Tensor count)
    {
        using var gradients = no_grad();
        get_buffer(nameof(num_batches_tracked))!.add_(1);
        get_buffer(nameof(running_mean))!.lerp_(mean, _momentum);
        get_buffer(nameof(running_var))!.lerp_(variance * count / (count - 1), _momentum);   // unbiased, as PyTorch's
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
