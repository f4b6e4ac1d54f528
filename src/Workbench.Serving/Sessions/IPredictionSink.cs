namespace Workbench.Serving.Sessions;

/// <summary>Where answered requests are recorded; the host gives its prediction log.</summary>
public interface IPredictionSink
{
    /// <summary>
    /// Records a prediction before its answer is sent; called from many requests at once. When it throws, the client gets
    /// an error instead of an answer that nobody could ever check.
    /// </summary>
    ValueTask LogAsync(ServedPrediction prediction, CancellationToken cancellationToken = default);
}
