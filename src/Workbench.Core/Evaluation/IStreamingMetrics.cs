namespace Workbench.Evaluation;

/// <summary>
/// Metrics that are fed batch by batch with an Update of their own (reset, update, compute, as PyTorch Ignite's). However
/// the rows are cut into batches or spread over instances that are merged, the result is that of all rows at once, up to
/// the rounding of sums. Not thread-safe: one instance a thread, merged at the end.
/// </summary>
/// <typeparam name="TSelf">The metrics themselves.</typeparam>
/// <typeparam name="TScores">What they compute; a value that the rows do not define is null, never NaN.</typeparam>
public interface IStreamingMetrics<in TSelf, out TScores> where TSelf : IStreamingMetrics<TSelf, TScores>
{
    /// <summary>Forgets every row.</summary>
    void Reset();

    /// <summary>Adds what another instance has seen; the other stays as it is.</summary>
    /// <exception cref="ArgumentException">The other was made with other settings.</exception>
    void Merge(TSelf other);

    /// <summary>The metrics over all rows so far; may be asked at any time.</summary>
    TScores Compute();
}
