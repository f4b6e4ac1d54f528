using Workbench.Distributed;
using Workbench.Tensors;
using Workbench.Training.Checkpoints;
using static TorchSharp.torch;

namespace Workbench.Training;

/// <summary>Mean training loss of all ranks since the last report, validation and epoch; every rank asks at the same points. The sum stays on the device and is read only when asked for.</summary>
internal sealed class LossMean(Device device, ICollective ranks)
{
    private readonly Tensor _sum = zeros([], ScalarType.Float64, device);
    private double _weight;
    private LossSum _report = new(0, 0), _validation = new(0, 0), _epoch = new(0, 0), _own = new(0, 0);

    /// <summary>The mean that was asked for last; NaN before the first.</summary>
    public double Last { get; private set; } = double.NaN;

    public void Add(Tensor loss, double weight)
    {
        using var off = no_grad();
        _sum.AddInPlace(loss.dim() == 0 ? loss : loss.reshape([]), weight);
        _weight += weight;
    }

    public double SinceReport(Func<string> remedy) => Since(ref _report, remedy);

    public double SinceValidation(Func<string> remedy) => Since(ref _validation, remedy);

    public double EndEpoch(Func<string> remedy) => Since(ref _epoch, remedy);

    /// <summary>Mean of this rank's own rows since it was asked so last; null when it had none. Asks no other rank.</summary>
    public double? OwnSinceLast()
    {
        var (sum, weight) = (_sum.item<double>() - _own.Sum, _weight - _own.Weight);
        _own = new(_own.Sum + sum, _own.Weight + weight);
        return weight > 0 ? sum / weight : null;
    }

    public LossSum SumSinceValidation() => Difference(_validation);

    public LossSum SumSinceEpoch() => Difference(_epoch);

    public void Restore(LossSum validation, LossSum epoch) => (_validation, _epoch) = (new(-validation.Sum, -validation.Weight), new(-epoch.Sum, -epoch.Weight));

    private LossSum Difference(LossSum mark)
    {
        var (sum, weight) = Totals();
        return new(sum - mark.Sum, weight - mark.Weight);
    }

    private (double Sum, double Weight) Totals()
    {
        if (ranks.Size == 1)
            return (_sum.item<double>(), _weight);
        using var totals = tensor((double[])[_sum.item<double>(), _weight]);
        ranks.AllReduce(totals).Wait();
        return (totals[0].item<double>(), totals[1].item<double>());
    }

    private double Since(ref LossSum mark, Func<string> remedy)
    {
        var (sum, weight) = Difference(mark);
        if (weight == 0)
            return Last;
        if (!double.IsFinite(sum))
            throw new TrainingException($"The training loss is no longer a number. {remedy()}");
        mark = new(mark.Sum + sum, mark.Weight + weight);
        return Last = sum / weight;
    }
}
