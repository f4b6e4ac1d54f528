namespace Workbench.Drift.Categorical;

/// <summary>
/// Tables that chance alone would give: all rows of both sides mixed and dealt again. The reference row of such a table is
/// multivariate hypergeometric, so that a permutation costs one draw a category instead of one a row.
/// </summary>
internal sealed class TableDraws
{
    private readonly long[] _both;
    private readonly long _total, _reference;
    private readonly Random _random;
    private readonly long[] _drawn;

    /// <param name="both">Rows of each category on both sides together.</param>
    /// <param name="reference">Rows of the reference.</param>
    /// <param name="seed">Of the random numbers.</param>
    public TableDraws(long[] both, long reference, int seed)
    {
        _both = both;
        _reference = reference;
        _total = both.Sum();
        _random = new Random(seed);
        _drawn = new long[_both.Length];
    }

    /// <summary>Rows of each category on the reference side; valid until the next call.</summary>
    public ReadOnlySpan<long> Next()
    {
        long total = _total, left = _reference;
        for (int cell = 0; cell < _both.Length; cell++)
        {
            _drawn[cell] = new Hypergeometric(total, _both[cell], left).Draw(_random);
            total -= _both[cell];
            left -= _drawn[cell];
        }
        return _drawn;
    }
}
