using System.Globalization;
using System.Text.Json.Nodes;

namespace Workbench.Host.Demo.Stages;

/// <summary>Prices and plans drift, then customers change their mind: the alert starts the pipeline, the new version wins and is served.</summary>
internal sealed class HealStage : IDemoStage
{
    private static readonly DateTimeOffset Limit = new(2025, 6, 1, 0, 0, 0, TimeSpan.Zero);

    public string Title => "Drift, alert, retrain, swap";

    public async Task<StageResult> RunAsync(DemoWorld world, IProgress<StageProgress> progress, CancellationToken cancellationToken)
    {
        var drift = await CheckDriftAsync(world, cancellationToken);
        if (!await world.Replay.LiveUntilAsync(Limit, () => world.HasFiredAsync(version: 1, cancellationToken), progress, cancellationToken))
            throw new DemoFailure($"no alert fired until {Limit:yyyy-MM-dd}.");
        var alerts = await world.AlertsAsync(cancellationToken);
        var (pending, firing) = (alerts.First(alert => (string?)alert["state"] == "Pending"), alerts.Last(alert => (string?)alert["state"] == "Firing"));
        var run = await LiveWhileRetrainingAsync(world, progress, cancellationToken);
        var gate = GateStep.Of(run);
        if (gate.Outcome != "Passed")
            throw new DemoFailure($"the gate refused the retrained version: {gate.Message}");
        int promoted = (await world.Host.Registry.GetAliasAsync(DemoWorld.Model, "champion", cancellationToken))!.Version;
        await DemoWorld.UntilAsync(async () => await world.ServedVersionAsync(cancellationToken) == promoted, TimeSpan.FromSeconds(20), $"Serving v{promoted}", cancellationToken);
        await world.Replay.LiveOneDayAsync(cancellationToken);
        ServeStage.NoFailedRequest(world);
        await NotifiedAsync(world, firing, cancellationToken);
        Tell(world, pending, firing, gate, promoted);
        return Result(world, drift, pending, firing, run, gate, promoted);
    }

    private static async Task<JsonNode> CheckDriftAsync(DemoWorld world, CancellationToken cancellationToken)
    {
        var check = await world.PostAsync($"/api/models/{DemoWorld.Model}/drift", new { from = "2025-01-01", to = "2025-02-01" }, cancellationToken);
        var (columns, categories) = (Texts(check["drifted"]), Texts(check["newCategories"]));
        if (!columns.Contains("monthly_price") || !categories.Contains("plan=flex"))
            throw new DemoFailure($"the drift check on month 13 missed the price rise or the new plan: drifted {Join(columns)}; new categories {Join(categories)}.");
        world.Story.Drift = world.Host.Drift.Latest[DemoWorld.Model].Report;
        world.Story.Files.Add(("Drift report of month 13", Path.Combine(world.Host.Settings.Folder.Path, ((string)check["report"]!).TrimStart('/'))));
        world.Story.Add(new DateTimeOffset(2025, 2, 1, 0, 0, 0, TimeSpan.Zero), "drift check", $"drifted: {Join(columns)}; new: {Join(categories)}", "drift");
        return check;
    }

    // Business does not stop while a pipeline runs: a day passes every two seconds, and every customer is answered.
    private static async Task<JsonNode> LiveWhileRetrainingAsync(DemoWorld world, IProgress<StageProgress> progress, CancellationToken cancellationToken)
    {
        string? runId = null;
        await DemoWorld.UntilAsync(async () => (runId = await world.AutomaticRunAsync(cancellationToken)) is not null, TimeSpan.FromSeconds(10), "A run started by the alert", cancellationToken);
        var ended = world.RunEndedAsync(runId!, progress, cancellationToken);
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(2));
        while (!ended.IsCompleted)
        {
            await world.Replay.LiveOneDayAsync(cancellationToken);
            await pace.WaitForNextTickAsync(cancellationToken);
        }
        return await ended;
    }

    private static async Task NotifiedAsync(DemoWorld world, JsonNode firing, CancellationToken cancellationToken)
    {
        await DemoWorld.UntilAsync(() => Task.FromResult(world.Webhook.Bodies.Any(body => (string?)JsonNode.Parse(body)!["status"] == "firing")),
            TimeSpan.FromSeconds(10), "The webhook's notification", cancellationToken);
        if (!File.ReadLines(world.AlertFile).Any(line => line.Contains((string)firing["rule"]!, StringComparison.Ordinal)))
            throw new DemoFailure($"{world.AlertFile} does not tell of the alert.");
    }

    private static void Tell(DemoWorld world, JsonNode pending, JsonNode firing, GateStep gate, int promoted)
    {
        world.Story.Add(Time(pending), "monitor", Alert(pending) + ": alert pending", "pending");
        world.Story.Add(Time(firing), "monitor", Alert(firing) + ": alert firing, notified, retraining started", "firing");
        world.Story.Gates.Add((true, gate.Message));
        world.Story.Add(world.Clock.GetUtcNow(), $"pipeline {DemoWorld.Pipeline}", $"v{promoted} passed the gate, became champion and is served", $"v{promoted} champion");
    }

    private static StageResult Result(DemoWorld world, JsonNode drift, JsonNode pending, JsonNode firing, JsonNode run, GateStep gate, int promoted) => new(
        $"month 13 drifted in {Join(Texts(drift["drifted"]))} (new: {Join(Texts(drift["newCategories"]))}); {Alert(pending)} pending on {Time(pending):yyyy-MM-dd}, firing on {Time(firing):yyyy-MM-dd}, " +
        $"notified by file and webhook; {gate.Message} Serving v{promoted}, 0 of {world.Replay.Requests} requests failed",
        new Dictionary<string, object?>
        {
            ["drifted"] = Texts(drift["drifted"]), ["newCategories"] = Texts(drift["newCategories"]), ["pendingAt"] = Time(pending), ["firingAt"] = Time(firing),
            ["accuracy"] = (double?)firing["value"], ["threshold"] = (double?)firing["threshold"], ["run"] = (string?)run["id"], ["gate"] = gate.Message, ["champion"] = promoted, ["failedRequests"] = 0,
        });

    private static string Alert(JsonNode alert) => string.Create(CultureInfo.InvariantCulture, $"accuracy {(double)alert["value"]!:F4} below {(double)alert["threshold"]!:F2}");

    private static DateTimeOffset Time(JsonNode alert) => (DateTimeOffset)alert["at"]!;

    private static List<string> Texts(JsonNode? array) => array is JsonArray items ? [.. items.Select(item => (string)item!)] : [];

    private static string Join(IEnumerable<string> texts) => string.Join(", ", texts);
}
