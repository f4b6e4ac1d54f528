namespace Workbench.Serving.Protocol;

/// <summary>Limits of the inference endpoints.</summary>
public sealed record OpenInferenceOptions
{
    /// <summary>Most rows a request, at least 1. Default 10,000.</summary>
    public int MaxRows { get; init; } = 10_000;

    /// <summary>Most bytes of a request's body, at least 1. Default 16 MiB.</summary>
    public long MaxRequestBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Returns these options when they are valid.</summary>
    /// <exception cref="ArgumentException">Lists every limit below 1.</exception>
    public OpenInferenceOptions EnsureValid()
    {
        var wrong = new[] { (nameof(MaxRows), MaxRows), (nameof(MaxRequestBytes), MaxRequestBytes) }.Where(limit => limit.Item2 < 1)
            .Select(limit => $"{limit.Item1} is {limit.Item2}; allowed is 1 or more.").ToList();
        return wrong.Count == 0 ? this : throw new ArgumentException(string.Join(" ", wrong));
    }
}
