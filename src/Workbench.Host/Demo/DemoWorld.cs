using System.Net;
using System.Text.Json.Nodes;
using Workbench.Data;

namespace Workbench.Host.Demo;

/// <summary>What the stages share: a running host, its client, the replayed clock, and the story so far.</summary>
internal sealed class DemoWorld(DemoOptions options, WorkbenchHost host, HttpClient client, ReplayClock clock, WebhookSink webhook)
{
    public const string Model = "churn";
    public const string Pipeline = "churn-retrain";

    public DemoOptions Options => options;
    public WorkbenchHost Host => host;
    public HttpClient Client => client;
    public ReplayClock Clock => clock;
    public WebhookSink Webhook => webhook;
    public DemoStory Story { get; } = new();

    /// <summary>The replay of months 13 to 18; there once a model is served.</summary>
    public Replay Replay => _replay ?? throw new InvalidOperationException("No model is served yet.");
    private Replay? _replay;

    public string Notebook => Path.Combine(options.ProjectFolder, "notebooks", "02-train.ipynb");
    public string Samples => Path.Combine(options.ProjectFolder, "data", "samples", "churn");

    /// <summary>Reads which inputs the served model wants, and gets the customers ready.</summary>
    public async Task PrepareReplayAsync(CancellationToken cancellationToken)
    {
        var metadata = await GetAsync($"/v2/models/{Model}", cancellationToken);
        var inputs = metadata["inputs"]!.AsArray().Select(input => new ModelInput((string)input!["name"]!, (string)input["datatype"]!)).ToList();
        _replay = new Replay(client, clock, host.Monitoring, Model, Customer.Read(Samples, clock.GetUtcNow().UtcDateTime, inputs));
    }

    public async Task<JsonNode> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await client.GetAsync(path, cancellationToken);
        return await ReadAsync(response, path, cancellationToken);
    }

    public async Task<JsonNode> PostAsync(string path, object body, CancellationToken cancellationToken)
    {
        using var response = await client.PostAsJsonAsync(path, body, cancellationToken);
        return await ReadAsync(response, path, cancellationToken);
    }

    /// <summary>The version that answers requests now, or null.</summary>
    public async Task<int?> ServedVersionAsync(CancellationToken cancellationToken)
    {
        using var response = await client.GetAsync($"/v2/models/{Model}", cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return null;
        var metadata = await ReadAsync(response, $"/v2/models/{Model}", cancellationToken);
        return int.Parse((string)metadata["versions"]!.AsArray()[^1]!);
    }

    public string AlertFile => Path.Combine(host.Settings.Folder.Path, "alerts.jsonl");

    /// <summary>Alert events so far, oldest first.</summary>
    public async Task<IReadOnlyList<JsonNode>> AlertsAsync(CancellationToken cancellationToken) =>
        [.. (await GetAsync("/api/alerts?take=500", cancellationToken)).AsArray().Select(alert => alert!)];

    /// <summary>Whether an alert about this version has fired.</summary>
    public async Task<bool> HasFiredAsync(int version, CancellationToken cancellationToken) =>
        (await AlertsAsync(cancellationToken)).Any(alert => (string?)alert["state"] == "Firing" && (int?)alert["version"] == version);

    /// <summary>The run that the monitor started, or null.</summary>
    public async Task<string?> AutomaticRunAsync(CancellationToken cancellationToken) =>
        (string?)(await GetAsync("/api/runs", cancellationToken)).AsArray().FirstOrDefault(run => (string?)run!["actor"] == "monitor")?["id"];

    /// <summary>Waits for a condition that another part of the system brings about.</summary>
    /// <exception cref="DemoFailure">It did not come about in time.</exception>
    public static async Task UntilAsync(Func<Task<bool>> condition, TimeSpan limit, string what, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(limit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(150));
        try
        {
            while (!await condition())
                await timer.WaitForNextTickAsync(deadline.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DemoFailure($"{what} did not happen within {limit.TotalSeconds:F0} s.");
        }
    }

    /// <summary>Waits until a run has ended and returns it as the API shows it.</summary>
    public async Task<JsonNode> RunEndedAsync(string runId, IProgress<StageProgress> progress, CancellationToken cancellationToken)
    {
        JsonNode run = new JsonObject();
        await UntilAsync(async () =>
        {
            run = await GetAsync($"/api/runs/{runId}", cancellationToken);
            var steps = run["steps"]!.AsArray();
            int done = steps.Count(step => (string?)step!["state"] is "Completed");
            progress.Report(new(done / Math.Max(1.0, steps.Count), $"step {done} of {steps.Count}"));
            return (string?)run["status"] == "Finished";
        }, TimeSpan.FromMinutes(4), $"The end of run {runId}", cancellationToken);
        return run;
    }

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage response, string path, CancellationToken cancellationToken)
    {
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw new DemoFailure($"{path} answered {(int)response.StatusCode}: {text}");
        return JsonNode.Parse(text) ?? throw new DemoFailure($"{path} answered nothing.");
    }
}
