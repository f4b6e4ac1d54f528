using Workbench.Data;
using Workbench.Features;
using Workbench.Tensors;
using static TorchSharp.torch;

namespace Workbench.Training.Forecasting;

/// <summary>
/// A trained forecaster with everything that prediction needs, on the CPU. Prediction is thread-safe. Disposing frees the
/// native weights. N windows, L window, H horizon, Q quantiles.
/// </summary>
public sealed class TrainedForecaster : IArtifactValue<TrainedForecaster>, IDisposable
{
    private const int PredictionBatch = 1_024;

    private readonly ForecastModelCard _card;
    private readonly byte[] _weights;

    private TrainedForecaster(ForecastNetwork network, ForecastModelCard card, byte[] weights)
    {
        (Network, _card, _weights) = (network, card, weights);
        network.eval();
    }

    /// <summary>The network in evaluation mode.</summary>
    public ForecastNetwork Network { get; }
    /// <summary>What it forecasts, and was trained with.</summary>
    public ForecastOptions Options => _card.Options;
    /// <summary>Mean of the training values.</summary>
    public float Mean => _card.Mean;
    /// <summary>Population standard deviation of the training values; 1 when they are constant.</summary>
    public float Deviation => _card.Deviation;
    /// <summary>The device it was trained on, such as <c>cpu</c> or <c>cuda:0</c>.</summary>
    public string TrainedOn => _card.TrainedOn;
    /// <summary>One result an epoch, in order: mean pinball loss in standard deviations of the training values.</summary>
    public IReadOnlyList<EpochResult> History => _card.History;
    /// <summary>The one-based epoch whose weights these are: the lowest validation loss.</summary>
    public int BestEpoch => _card.BestEpoch;
    /// <summary>Number of trained weights.</summary>
    public long ParameterCount => Network.parameters().Sum(parameter => parameter.numel());
    /// <summary><c>sha256:</c> and the hex hash of the weights as a safetensors file.</summary>
    public string WeightsHash => _card.WeightsHash;

    /// <summary>Row-major [H × Q] quantiles of the steps after <paramref name="history"/>, from its last L values.</summary>
    /// <exception cref="DataException">The history is shorter than the window, or holds a number that is not finite.</exception>
    public float[] Forecast(ReadOnlySpan<float> history)
    {
        if (history.Length < Options.Window)
            throw new DataException($"The history has {history.Length:N0} values, and a forecast is made from the last {Options.Window:N0}. Give more, or train with a shorter window.");
        return Predict(history[^Options.Window..].ToArray());
    }

    /// <summary>Row-major [N × H × Q] quantiles after each window.</summary>
    /// <param name="windows">Row-major [N × L], finite.</param>
    /// <exception cref="DataException">There is no whole number of windows, or a number is not finite.</exception>
    public float[] Predict(float[] windows)
    {
        int window = Options.Window;
        if (windows.Length % window != 0)
            throw new DataException($"There are {windows.Length:N0} values, which are no whole number of windows of {window:N0}.");
        int bad = Array.FindIndex(windows, value => !float.IsFinite(value));
        if (bad >= 0)
            throw new DataException($"Value {bad % window:N0} of window {bad / window:N0} is {windows[bad]}; finite numbers are needed. Fill gaps first, as TimeSeries does.");
        using var threads = new TorchThreads(Math.Min(PredictionBatch, windows.Length / window), Network.Linear.weight.numel());
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var forecast = new List<float>();
        foreach (float[] batch in windows.Chunk(PredictionBatch * window))
        {
            var standardised = tensor(batch, [batch.Length / window, window]).Minus(Mean).DividedBy(Deviation);  // [B, L]
            forecast.AddRange(Network.forward(standardised).Times(Deviation).Plus(Mean).data<float>());          // [B, H, Q]
        }
        return [.. forecast];
    }

    /// <summary>Forecasts from every moment of <paramref name="series"/> that has a window before it and a horizon after it, and compares with what came.</summary>
    /// <exception cref="DataException">The series is shorter than window and horizon.</exception>
    public ForecastReport Evaluate(TimeSeries series)
    {
        var (windows, targets) = ForecastWindows.Of(series.Values, Options);
        return ForecastErrors.Of(Predict(windows), windows, targets, Options);
    }

    /// <summary>Writes <c>weights.safetensors</c> and <c>model.json</c>.</summary>
    public void Save(string folder)
    {
        WeightsFile.Write(folder, _weights);
        ModelCardFile.Write(folder, ForecastModelCard.Format, _card);
    }

    /// <summary>Reads a model and checks both files against their hashes.</summary>
    /// <exception cref="DataException">A file is missing, truncated or changed.</exception>
    public static TrainedForecaster Load(string folder)
    {
        TorchRuntime.EnsureAvailable();
        var card = ModelCardFile.Read<ForecastModelCard>(folder, ForecastModelCard.Format);
        var (weights, tensors, path) = WeightsFile.Read(folder, card.WeightsHash);
        ForecastNetwork network;
        lock (TorchRuntime.Generator)
            network = new(card.Options);
        ModuleWeights.Put(network, tensors, path);
        return new(network, card, weights);
    }

    /// <inheritdoc/>
    public void Dispose() => Network.Dispose();

    /// <summary>Seals a trained network; it must be on the CPU.</summary>
    internal static TrainedForecaster From(ForecastNetwork network, ForecastModelCard card)
    {
        byte[] weights = SafeTensors.Write(ModuleWeights.Take(network));
        return new(network, card with { WeightsHash = WeightsFile.Hash(weights) }, weights);
    }
}
