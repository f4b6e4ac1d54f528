using System.Globalization;

namespace Workbench.Distributed;

/// <summary>How replicas of a module exchange gradients.</summary>
public sealed record DataParallelOptions
{
    /// <summary>Bytes of gradients that are reduced together, at least 1; large ones use the wire better, small ones begin earlier. Default 25 MiB, as PyTorch has it.</summary>
    public long BucketBytes { get; init; } = 25 << 20;
    /// <summary>The same of the first bucket, which holds the last layers. Default 1 MiB.</summary>
    public long FirstBucketBytes { get; init; } = 1 << 20;
    /// <summary>Whether buckets are reduced while the backward pass goes on. Default Auto.</summary>
    public GradientOverlap Overlap { get; init; } = GradientOverlap.Auto;
    /// <summary>Whether float32 gradients travel as bfloat16: half the bytes, 8 bits of mantissa. Default false.</summary>
    public bool CompressesGradients { get; init; }
    /// <summary>Whether every step begins with rank 0's buffers, such as running means. Default true.</summary>
    public bool BroadcastsBuffers { get; init; } = true;

    /// <summary>Every setting that is wrong; empty when all is well.</summary>
    public IReadOnlyList<string> Validate() =>
        [.. new[] { (nameof(BucketBytes), BucketBytes), (nameof(FirstBucketBytes), FirstBucketBytes) }
            .Where(size => size.Item2 < 1).Select(size => string.Create(CultureInfo.InvariantCulture, $"{size.Item1} is {size.Item2}; allowed is at least 1."))];
}
