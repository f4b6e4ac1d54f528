using TorchSharp.Modules;
using Workbench.Tensors;
using static TorchSharp.torch;

namespace Workbench.Training.Forecasting;

/// <summary>
/// All steps at once: the seasonal naive forecast plus a linear function of the window as seen from its last value
/// (N-Linear of Zeng et al. 2023, "Are Transformers Effective for Time Series Forecasting?"). It begins as the seasonal
/// naive forecast. Quantiles lie apart from the median by sums of softplus, so that they never cross.
/// B batch, L window, H horizon, Q quantiles.
/// </summary>
public sealed class ForecastNetwork : nn.Module<Tensor, Tensor>
{
    private readonly int _quantiles;

    /// <summary>Builds an untrained network.</summary>
    /// <param name="options">Window, season, horizon and quantiles.</param>
    public ForecastNetwork(ForecastOptions options) : base(nameof(ForecastNetwork))
    {
        _quantiles = options.Quantiles.Count;
        Median = options.Median;
        Repeated = [.. Enumerable.Range(0, options.Horizon).Select(step => (long)SeasonalNaive.Index(options.Window, options.Season, step))];
        Linear = nn.Linear(options.Window, options.Horizon * _quantiles);
        using (no_grad())
        {
            nn.init.zeros_(Linear.weight);
            nn.init.zeros_(Linear.bias!);   // a linear layer has a bias unless told otherwise
        }
        register_module("linear", Linear);
    }

    /// <summary>[H] indexes of the window's values that the seasonal naive forecast repeats.</summary>
    public IReadOnlyList<long> Repeated { get; }
    /// <summary>Index of the median among the quantiles.</summary>
    public int Median { get; }
    /// <summary>From L to H · Q.</summary>
    public Linear Linear { get; }

    /// <summary>Quantiles of each step, in the unit of the input.</summary>
    /// <param name="window">[B × L] standardised values.</param>
    /// <returns>[B × H × Q], ascending in Q.</returns>
    public override Tensor forward(Tensor window)
    {
        using var scope = NewDisposeScope();
        var last = window.narrow(1, window.shape[1] - 1, 1);                                                        // [B, 1]
        var learned = Linear.forward(window - last).view(window.shape[0], Repeated.Count, _quantiles);             // [B, H, Q]
        var middle = window.index_select(1, tensor(Repeated.ToArray(), device: window.device)).Plus(learned.select(2, Median));   // [B, H]
        var quantiles = new Tensor[_quantiles];
        quantiles[Median] = middle;
        for (int q = Median + 1; q < _quantiles; q++)
            quantiles[q] = quantiles[q - 1].Plus(learned.select(2, q).Softplus());
        for (int q = Median - 1; q >= 0; q--)
            quantiles[q] = quantiles[q + 1] - learned.select(2, q).Softplus();
        return stack(quantiles, 2).MoveToOuterDisposeScope();                                                      // [B, H, Q]
    }
}
