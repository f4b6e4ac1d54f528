using TorchSharp;
using Workbench.Data;
using Workbench.Features;
using Workbench.Tensors;
using Workbench.Training.Tabular;
using static TorchSharp.torch;

namespace Workbench.Training.Forecasting;

/// <summary>Trains a forecaster on a series in memory.</summary>
public static class Forecaster
{
    private const int JudgedAtOnce = 1_024;

    /// <summary>
    /// Trains on every stretch of window and horizon in <paramref name="training"/> with AdamW on the pinball loss
    /// (Koenker and Bassett 1978), max(q·(y - ŷ), (q - 1)·(y - ŷ)) averaged over steps and quantiles, until that of
    /// <paramref name="validation"/> has not improved for <see cref="ForecastOptions.Patience"/> epochs; the weights of the
    /// best epoch are kept. The same series, options and CPU give the same bits. Trainings of one process run one after
    /// the other.
    /// </summary>
    /// <param name="training">The earlier part.</param>
    /// <param name="validation">The later part; begin it a window earlier, so that its first value is forecast.</param>
    /// <param name="options">What is forecast, and how.</param>
    /// <param name="progress">Told after each epoch.</param>
    /// <param name="cancellationToken">Stops; nothing is kept.</param>
    /// <exception cref="ArgumentException">The options are wrong; lists every error.</exception>
    /// <exception cref="DataException">A series is shorter than window and horizon, or has other steps.</exception>
    /// <exception cref="TrainingException">libtorch or the device is missing, or the loss became NaN or infinite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static TrainedForecaster Fit(
        TimeSeries training, TimeSeries validation, ForecastOptions options,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        options.EnsureValid();
        if (training.Step != validation.Step)
            throw new DataException($"The training has steps of {training.Step}, and the validation of {validation.Step}. Read both with one step.");
        var device = TorchRuntime.Device(options.Device);
        lock (TorchRuntime.Generator)
            return Train(training, validation, options, device, progress, cancellationToken);
    }

    private static TrainedForecaster Train(
        TimeSeries training, TimeSeries validation, ForecastOptions options, Device device,
        IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        manual_seed(options.Seed);
        var (mean, deviation) = Scale(training.Values);
        var network = new ForecastNetwork(options);
        using var scope = NewDisposeScope();   // the network outlives it
        var stretches = Stretches(training, options, mean, deviation, device);
        var judged = Stretches(validation, options, mean, deviation, device);
        var quantiles = tensor(options.Quantiles.Select(quantile => (float)quantile).ToArray(), device: device);
        var epochs = new TabularEpochs(options.MaxEpochs, progress);
        Tensor Loss(Tensor rows) => Pinball(network.forward(rows.narrow(1, 0, options.Window)), rows.narrow(1, options.Window, options.Horizon), quantiles);
        new TrainingLoop(network, batch => Loss(batch[0]), options.Loop()).Run(
            new TensorBatches([stretches], options.BatchSize, seed: options.Seed), () => Judge(judged, Loss), epochs, cancellationToken);
        return TrainedForecaster.From(network.cpu(), new()
        {
            Mean = mean, Deviation = deviation, Options = options, TrainedOn = device.ToString(), History = epochs.History, BestEpoch = epochs.BestEpoch, WeightsHash = "",
        });
    }

    // [B, H, Q] forecasts, [B, H] values, [Q] quantiles.
    private static Tensor Pinball(Tensor forecast, Tensor values, Tensor quantiles)
    {
        var error = values.unsqueeze(2) - forecast;
        return maximum(quantiles * error, quantiles.Minus(1) * error).mean();
    }

    private static ValidationResult Judge(Tensor stretches, Func<Tensor, Tensor> loss)
    {
        double sum = 0;
        for (long start = 0; start < stretches.shape[0]; start += JudgedAtOnce)
        {
            using var scope = NewDisposeScope();
            long length = Math.Min(JudgedAtOnce, stretches.shape[0] - start);
            sum += loss(stretches.narrow(0, start, length)).item<float>() * length;
        }
        return new(sum / stretches.shape[0]);
    }

    // [N, L + H]: a view of the series, which is in memory once.
    private static Tensor Stretches(TimeSeries series, ForecastOptions options, float mean, float deviation, Device device)
    {
        ForecastWindows.Count(series.Values, options);
        return tensor(Array.ConvertAll(series.Values, value => (value - mean) / deviation)).to(device).unfold(0, options.Window + options.Horizon, 1);
    }

    private static (float Mean, float Deviation) Scale(float[] values)
    {
        double mean = values.Average(value => (double)value);
        double deviation = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
        return ((float)mean, deviation > 1e-12 * Math.Max(1, Math.Abs(mean)) ? (float)deviation : 1f);
    }
}
