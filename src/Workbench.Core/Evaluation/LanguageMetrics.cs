namespace Workbench.Evaluation;

/// <summary>Metrics of next-token predictions, fed batch by batch, in constant memory.</summary>
public sealed class LanguageMetrics : IStreamingMetrics<LanguageMetrics, LanguageScores>
{
    private double _negativeLogLikelihood, _ofBytes;
    private long _tokens, _bytes, _judged, _right;

    /// <summary>Adds a batch by its sums, as a loss gives them: mean loss times tokens.</summary>
    /// <param name="negativeLogLikelihood">Sum of -ln p(token) over the tokens, in nats; finite, at least 0.</param>
    /// <param name="tokens">Number of predicted tokens, at least 0.</param>
    /// <param name="bytes">Bytes of their text in UTF-8, or null when that is not known.</param>
    /// <param name="right">How many of the tokens were the most probable, or null when that was not looked at.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public void Update(double negativeLogLikelihood, long tokens, long? bytes = null, long? right = null)
    {
        if (!(negativeLogLikelihood >= 0 && double.IsFinite(negativeLogLikelihood)))
            throw new ArgumentOutOfRangeException(nameof(negativeLogLikelihood), negativeLogLikelihood, "The sum of -ln p is a finite number of at least 0. Look for a NaN loss.");
        ArgumentOutOfRangeException.ThrowIfNegative(tokens);
        if (bytes < 0)
            throw new ArgumentOutOfRangeException(nameof(bytes), bytes, "A text has at least 0 bytes.");
        if (right < 0 || right > tokens)
            throw new ArgumentOutOfRangeException(nameof(right), right, $"Of {tokens} tokens, 0 to {tokens} can be right.");
        _negativeLogLikelihood += negativeLogLikelihood;
        _tokens += tokens;
        _bytes += bytes ?? 0;
        _ofBytes += bytes is null ? 0 : negativeLogLikelihood;
        _judged += right is null ? 0 : tokens;
        _right += right ?? 0;
    }

    /// <summary>Adds tokens one by one.</summary>
    /// <param name="logProbabilities">[T] ln p of the tokens that came, at most 0.</param>
    /// <param name="bytes">Bytes of their text in UTF-8, or null when that is not known.</param>
    /// <param name="right">How many were the most probable, or null when that was not looked at.</param>
    public void Update(ReadOnlySpan<float> logProbabilities, long? bytes = null, long? right = null)
    {
        double sum = 0;
        foreach (float one in logProbabilities)
            sum -= one;
        Update(sum, logProbabilities.Length, bytes, right);
    }

    /// <inheritdoc/>
    public void Reset()
    {
        _negativeLogLikelihood = _ofBytes = 0;
        _tokens = _bytes = _judged = _right = 0;
    }

    /// <inheritdoc/>
    public void Merge(LanguageMetrics other)
    {
        (_negativeLogLikelihood, _ofBytes) = (_negativeLogLikelihood + other._negativeLogLikelihood, _ofBytes + other._ofBytes);
        (_tokens, _bytes, _judged, _right) = (_tokens + other._tokens, _bytes + other._bytes, _judged + other._judged, _right + other._right);
    }

    /// <inheritdoc/>
    public LanguageScores Compute()
    {
        double? mean = _tokens > 0 ? _negativeLogLikelihood / _tokens : null;
        return new()
        {
            Tokens = _tokens,
            MeanNegativeLogLikelihood = mean,
            Perplexity = mean is { } nats && double.IsFinite(Math.Exp(nats)) ? Math.Exp(nats) : null,
            BitsPerByte = _bytes > 0 ? _ofBytes / Math.Log(2) / _bytes : null,
            NextTokenAccuracy = _judged > 0 ? (double)_right / _judged : null,
        };
    }
}
