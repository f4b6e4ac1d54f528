namespace Workbench.Training;

/// <summary>The rows of a batch that one rank computes on: all parts of <see cref="Batch.Part"/> that are its own.</summary>
/// <param name="Rows">Of the whole batch.</param>
/// <param name="First">The first of the share, from 0.</param>
/// <param name="Length">How many follow each other; at least 1: where a batch has fewer rows than there are ranks, its first row is borrowed.</param>
internal readonly record struct BatchShare(long Rows, long First, long Length)
{
    public static BatchShare Of(long rows, int rank, int ranks)
    {
        long first = rows * rank / ranks, length = rows * (rank + 1) / ranks - first;
        return length > 0 ? new(rows, first, length) : new(rows, 0, 1);
    }
}
