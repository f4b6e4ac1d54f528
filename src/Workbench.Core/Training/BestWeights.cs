using static TorchSharp.torch;

namespace Workbench.Training;

/// <summary>A copy of a network's weights at its lowest validation loss. The first offer always counts.</summary>
internal sealed class BestWeights(nn.Module network)
{
    private readonly List<(Tensor Live, Tensor Kept)> _pairs =
        network.state_dict().Values.Select(weight => (weight, weight.detach().clone())).ToList();
    private double _loss = double.PositiveInfinity;

    /// <summary>The epoch whose weights are kept; 0 before the first offer.</summary>
    public int Epoch { get; private set; }

    /// <summary>Keeps the network's present weights when <paramref name="loss"/> is lower than every one before.</summary>
    public void Offer(int epoch, double loss)
    {
        if (loss >= _loss)
            return;
        (Epoch, _loss) = (epoch, loss);
        using var gradients = no_grad();
        foreach (var (live, kept) in _pairs)
            kept.copy_(live);
    }

    /// <summary>Puts the kept weights back into the network.</summary>
    public void Restore()
    {
        using var gradients = no_grad();
        foreach (var (live, kept) in _pairs)
            live.copy_(kept);
    }
}
