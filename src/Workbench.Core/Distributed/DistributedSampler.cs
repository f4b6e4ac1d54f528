using Workbench.Features;

namespace Workbench.Distributed;

/// <summary>
/// Which rows a rank takes in an epoch, for loops of one's own; <c>TrainingLoop</c> cuts batches by itself. All ranks share
/// one order, decided by seed and epoch, and take turns in it. Where a training was interrupted is a number of rows of all
/// ranks together, so that another number of ranks goes on from it. Thread-safe.
/// </summary>
/// <example><code>
/// var sampler = new DistributedSampler(rows: 10_001);
/// foreach (long row in sampler.Rows(epoch: 1))
///     ...   // of 2 ranks each gets 5,001 rows
/// </code></example>
public sealed class DistributedSampler
{
    private readonly long _rows;
    private readonly ICollective _ranks;
    private readonly bool _shuffles;
    private readonly long _seed;
    private readonly UnevenRows _uneven;

    /// <param name="rows">Rows there are, at least 1.</param>
    /// <param name="ranks">Default <see cref="Collective.Current"/>.</param>
    /// <param name="shuffles">Whether each epoch has an order of its own; default true.</param>
    /// <param name="seed">Decides the orders; default 42.</param>
    /// <param name="uneven">What becomes of a remainder; default <see cref="UnevenRows.Pad"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no row.</exception>
    public DistributedSampler(long rows, ICollective? ranks = null, bool shuffles = true, long seed = 42, UnevenRows uneven = UnevenRows.Pad)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        (_rows, _ranks, _shuffles, _seed, _uneven) = (rows, ranks ?? Collective.Current, shuffles, seed, uneven);
    }

    /// <summary>This rank's rows of an epoch; every rank has equally many.</summary>
    /// <param name="epoch">From 1.</param>
    /// <param name="consumed">Rows of the epoch that all ranks together have taken before, 0 to the number of rows; default 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="consumed"/> is out of range.</exception>
    public IReadOnlyList<long> Rows(int epoch, long consumed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(consumed);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(consumed, _rows);
        long[] order = _shuffles ? Shuffle.Order(_rows, _seed, epoch) : Shuffle.None(_rows);
        long left = _rows - consumed;
        long each = _uneven == UnevenRows.Pad ? (left + _ranks.Size - 1) / _ranks.Size : left / _ranks.Size;
        long[] own = new long[each];
        for (long i = 0; i < each; i++)
            own[i] = order[(consumed + i * _ranks.Size + _ranks.Rank) % _rows];
        return own;
    }
}
