using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Data;
using Workbench.Host.Monitoring;

namespace Workbench.Host.Demo;

/// <summary>
/// Lets recorded business days pass again: moves the clock, sends each customer to the served model over HTTP, hands in the
/// labels that become known, and lets the monitor look. What the model answers is what the host serves at that moment.
/// </summary>
internal sealed class Replay(HttpClient client, ReplayClock clock, MonitoringService monitoring, string model, IReadOnlyList<Customer> customers)
{
    private const int ConcurrentRequests = 4;
    private int _requests;
    private int _failures;
    private string? _firstFailure;

    /// <summary>Requests sent so far.</summary>
    public int Requests => _requests;
    /// <summary>Requests that were not answered with 200.</summary>
    public int Failures => _failures;
    /// <summary>What the first failed request was answered, or null.</summary>
    public string? FirstFailure => _firstFailure;
    /// <summary>Labels handed in so far.</summary>
    public int Labels { get; private set; }
    /// <summary>Where the business clock stands.</summary>
    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Days pass until <paramref name="until"/>, or until <paramref name="enough"/> says so at the end of a day.</summary>
    /// <returns>Whether <paramref name="enough"/> ended it.</returns>
    public async Task<bool> LiveUntilAsync(DateTimeOffset until, Func<Task<bool>>? enough, IProgress<StageProgress> progress, CancellationToken cancellationToken)
    {
        var start = Now;
        while (Now < until)
        {
            await LiveOneDayAsync(cancellationToken);
            progress.Report(new((Now - start) / (until - start), $"{Now:yyyy-MM-dd}, {_requests} requests"));
            if (enough is not null && await enough())
                return true;
        }
        return false;
    }

    /// <summary>One day: requests, labels, a look at the rules.</summary>
    public async Task LiveOneDayAsync(CancellationToken cancellationToken)
    {
        var (begin, end) = (Now.UtcDateTime, Now.UtcDateTime.AddDays(1));
        var today = customers.Where(customer => customer.EventAt >= begin && customer.EventAt < end);
        await Parallel.ForEachAsync(today, new ParallelOptions { MaxDegreeOfParallelism = ConcurrentRequests, CancellationToken = cancellationToken }, SendAsync);
        clock.AdvanceTo(new DateTimeOffset(end, TimeSpan.Zero));
        await HandInLabelsAsync([.. customers.Where(customer => customer.LabelAt >= begin && customer.LabelAt < end)], cancellationToken);
        await monitoring.EvaluateAsync(cancellationToken);
    }

    private async ValueTask SendAsync(Customer customer, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _requests);
        using var response = await client.PostAsJsonAsync($"/v2/models/{model}/infer", Request(customer), cancellationToken);
        if (response.IsSuccessStatusCode)
            return;
        Interlocked.Increment(ref _failures);
        Interlocked.CompareExchange(ref _firstFailure, $"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellationToken)}", null);
    }

    private async Task HandInLabelsAsync(List<Customer> known, CancellationToken cancellationToken)
    {
        if (known.Count == 0)
            return;
        var labels = known.Select(customer => new { id = customer.RowId, value = customer.Churned, at = new DateTimeOffset(customer.LabelAt, TimeSpan.Zero) });
        using var response = await client.PostAsJsonAsync($"/api/models/{model}/labels", new { labels }, cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw new DemoFailure($"labels were refused with {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellationToken)}");
        Labels += known.Count;
    }

    private static JsonObject Request(Customer customer) => new()
    {
        ["id"] = customer.RowId,
        ["inputs"] = new JsonArray([.. customer.Inputs.Select(input => (JsonNode)new JsonObject
        {
            ["name"] = input.Input.Name,
            ["shape"] = new JsonArray(1, 1),
            ["datatype"] = input.Input.Datatype,
            ["data"] = new JsonArray(JsonSerializer.SerializeToNode(input.Value)),
        })]),
    };
}
