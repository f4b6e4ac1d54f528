namespace Workbench.Evaluation;

/// <summary>
/// What people did with what was served: clicks, dwell and thumbs, joined with the prediction by its request id. Events
/// may come in any order, also before the prediction; every request is kept.
/// </summary>
/// <example><code>
/// var engagement = new EngagementMetrics();
/// engagement.Served("r1", group: "v3");
/// engagement.Clicked("r1");
/// engagement.Voted("r1", up: true);
/// Console.WriteLine(engagement.Compute().ClickThroughRate); // 1
/// </code></example>
public sealed class EngagementMetrics : IStreamingMetrics<EngagementMetrics, EngagementScores>
{
    private readonly Dictionary<string, Request> _requests = new(StringComparer.Ordinal);

    private readonly record struct Request(bool IsServed, string? Group, bool IsClicked, double? DwellSeconds, bool? Up)
    {
        public Request Then(Request later) => new(
            IsServed || later.IsServed, later.Group ?? Group, IsClicked || later.IsClicked,
            DwellSeconds is { } before ? before + (later.DwellSeconds ?? 0) : later.DwellSeconds, later.Up ?? Up);
    }

    /// <summary>A prediction was served.</summary>
    /// <param name="requestId">Id that feedback names.</param>
    /// <param name="group">What <see cref="ComputeByGroup"/> parts by, such as the model's version.</param>
    public void Served(string requestId, string? group = null) => Add(requestId, new() { IsServed = true, Group = group });

    /// <summary>It was clicked.</summary>
    public void Clicked(string requestId) => Add(requestId, new() { IsClicked = true });

    /// <summary>Someone stayed with it; several times on one request add up.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    public void Dwelled(string requestId, TimeSpan dwell)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dwell, TimeSpan.Zero);
        Add(requestId, new() { DwellSeconds = dwell.TotalSeconds });
    }

    /// <summary>Thumbs up or down; a later vote replaces an earlier one.</summary>
    public void Voted(string requestId, bool up) => Add(requestId, new() { Up = up });

    /// <inheritdoc/>
    public void Reset() => _requests.Clear();

    /// <summary>Adds what another instance has seen, as what came later.</summary>
    public void Merge(EngagementMetrics other)
    {
        foreach (var (id, request) in other._requests)
            Add(id, request);
    }

    /// <inheritdoc/>
    public EngagementScores Compute() => Of(_requests.Values);

    /// <summary>The same for each group that was served; requests without a group stand under an empty name.</summary>
    public IReadOnlyDictionary<string, EngagementScores> ComputeByGroup() => _requests.Values.Where(request => request.IsServed)
        .GroupBy(request => request.Group ?? "", StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, Of);

    private void Add(string requestId, Request request)
    {
        ArgumentException.ThrowIfNullOrEmpty(requestId);
        _requests[requestId] = _requests.TryGetValue(requestId, out var before) ? before.Then(request) : request;
    }

    private static EngagementScores Of(IEnumerable<Request> requests)
    {
        var all = requests.ToList();
        var served = all.Where(request => request.IsServed).ToList();
        double[] dwells = [.. served.Select(request => request.DwellSeconds).OfType<double>().Order()];
        long clicked = served.LongCount(request => request.IsClicked), voted = served.LongCount(request => request.Up is not null);
        return new()
        {
            Served = served.Count, Clicked = clicked, ClickThroughRate = Share(clicked, served.Count),
            MeanDwellSeconds = dwells.Length > 0 ? dwells.Average() : null,
            MedianDwellSeconds = dwells.Length > 0 ? (dwells[(dwells.Length - 1) / 2] + dwells[dwells.Length / 2]) / 2 : null,
            Voted = voted, ThumbsUpRate = Share(served.LongCount(request => request.Up == true), voted), Unmatched = all.Count - served.Count,
        };
    }

    private static double? Share(long part, long whole) => whole > 0 ? (double)part / whole : null;
}
