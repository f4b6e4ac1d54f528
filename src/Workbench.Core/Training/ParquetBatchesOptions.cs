using System.Globalization;

namespace Workbench.Training;

/// <summary>Size and order of the batches of <see cref="ParquetBatches"/>.</summary>
public sealed record ParquetBatchesOptions
{
    /// <summary>Rows a batch, 1 to 1,000,000. Default 256.</summary>
    public int BatchSize { get; init; } = 256;
    /// <summary>Rows that are in memory together and shuffled, or 0 for the files' order. Default 131,072. Two such windows are in memory at once.</summary>
    public int ShuffleRows { get; init; } = 131_072;
    /// <summary>Decides the orders. Default 42.</summary>
    public long Seed { get; init; } = 42;
    /// <summary>Whether an incomplete last batch is left out. Default false.</summary>
    public bool DropLast { get; init; }
    /// <summary>SQL condition that rows must meet; null (the default) takes all.</summary>
    public string? Where { get; init; }
    /// <summary>Batches that wait ready at most, 1 to 1,000. Default 16.</summary>
    public int Prefetch { get; init; } = 16;
    /// <summary>DuckDB's threads, at least 1. Default 1: a training needs the others.</summary>
    public int Threads { get; init; } = 1;

    internal ParquetBatchesOptions EnsureValid()
    {
        var wrong = new[]
        {
            (nameof(BatchSize), BatchSize, 1, 1_000_000), (nameof(ShuffleRows), ShuffleRows, 0, 1_000_000_000), (nameof(Prefetch), Prefetch, 1, 1_000), (nameof(Threads), Threads, 1, 1_024),
        }.Where(rule => rule.Item2 < rule.Item3 || rule.Item2 > rule.Item4)
            .Select(rule => string.Create(CultureInfo.InvariantCulture, $"{rule.Item1} is {rule.Item2}; allowed is {rule.Item3} to {rule.Item4:N0}.")).ToList();
        return wrong.Count == 0 ? this : throw new ArgumentException($"The options of the batches are wrong: {string.Join(" ", wrong)}");
    }
}
