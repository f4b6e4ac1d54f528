using System.Globalization;
using System.Text.Json.Nodes;
using Workbench.Workflows.Runtime;
using Workbench.Workflows.Storage;

namespace Workbench.Host.Triggers;

/// <summary>
/// Looks for new data and fires the triggers that wait for it. How long something did not change is this host's own observation;
/// what has started a run stands in the trigger's row, so that of several hosts one starts it. One look at a time.
/// </summary>
internal sealed class NewDataWatch(WorkflowEngine engine, string project, TimeProvider time)
{
    private const string PathName = "path";
    private const string UnitsName = "units";
    private const int MostListed = 1000;
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMinutes(1);

    private readonly Dictionary<(string Trigger, string Unit), (string Fingerprint, DateTimeOffset Since)> _changing = [];
    private readonly Dictionary<string, DateTimeOffset> _holdOff = [];

    /// <summary>One look at what every trigger of type newData waits for. A trigger whose place cannot be read says so itself.</summary>
    public async Task<IReadOnlyList<TriggerOutcome>> LookAsync(CancellationToken cancellationToken)
    {
        List<TriggerOutcome> outcomes = [];
        foreach (var trigger in await engine.Store.ListTriggersAsync(new() { Types = [TriggerKinds.NewData] }, cancellationToken))
            if (!trigger.IsPaused && !(_holdOff.TryGetValue(trigger.Id, out var until) && time.GetUtcNow() < until))
                outcomes.AddRange(await LookSafelyAsync(trigger, cancellationToken));
        return outcomes;
    }

    private async Task<IReadOnlyList<TriggerOutcome>> LookSafelyAsync(WorkflowTrigger trigger, CancellationToken cancellationToken)
    {
        try
        {
            var outcomes = await LookAsync(trigger, NewDataOptions.Read(new(trigger.Config)), cancellationToken);
            if (outcomes.Any(outcome => outcome.Result == TriggerResult.Failed))
                _holdOff[trigger.Id] = time.GetUtcNow() + PauseAfterFailure;
            return outcomes;
        }
        catch (Exception failure) when (ExpectedFailure.Is(failure))
        {
            _holdOff[trigger.Id] = time.GetUtcNow() + PauseAfterFailure;
            await engine.Store.ReportTriggerFailureAsync(trigger.Id, failure.Message, cancellationToken);
            return [new(trigger.Id, TriggerResult.Failed, null, failure.Message)];
        }
    }

    private async Task<IReadOnlyList<TriggerOutcome>> LookAsync(WorkflowTrigger trigger, NewDataOptions options, CancellationToken cancellationToken)
    {
        var units = DataPattern.Find(project, options.Path);
        if (!Knows(trigger, options))
            return await engine.FireTriggerAsync(trigger.Id, (locked, now) => Knows(locked, options) ? TriggerDecision.Nothing : FirstLook(locked, options, units, now), cancellationToken);
        var ready = FindStable(trigger, options, units);
        if (ready.Count == 0)
            return [];
        return await engine.FireTriggerAsync(trigger.Id, (locked, _) => Decide(locked, options, ready), cancellationToken);
    }

    private static bool Knows(WorkflowTrigger trigger, NewDataOptions options) => (string?)trigger.Seen?[PathName] == options.Path;

    /// <summary>What was there before the trigger was counts as seen; of another place that it watches from now on, everything does.</summary>
    private static TriggerDecision FirstLook(WorkflowTrigger trigger, NewDataOptions options, IReadOnlyList<DataUnit> units, DateTimeOffset now)
    {
        var before = trigger.Seen is null ? trigger.ActiveSince : now;
        return new() { Seen = Seen(options, [], options.FiresForExisting ? [] : units.Where(unit => unit.ModifiedAt <= before)) };
    }

    /// <summary>The units that differ from what has started a run and have not changed for long enough.</summary>
    private List<(DataUnit Unit, DateTimeOffset Since)> FindStable(WorkflowTrigger trigger, NewDataOptions options, IReadOnlyList<DataUnit> units)
    {
        var now = time.GetUtcNow();
        var changed = units.Where(unit => IsNew(trigger, unit)).ToList();
        var paths = changed.Select(unit => unit.Path).ToHashSet();
        foreach (var gone in _changing.Keys.Where(key => key.Trigger == trigger.Id && !paths.Contains(key.Unit)).ToList())
            _changing.Remove(gone);
        List<(DataUnit, DateTimeOffset)> stable = [];
        foreach (var unit in changed)
        {
            var key = (trigger.Id, unit.Path);
            if (!_changing.TryGetValue(key, out var before) || before.Fingerprint != unit.Fingerprint)
                _changing[key] = before = (unit.Fingerprint, now);
            if (now - before.Since >= options.Stable)
                stable.Add((unit, before.Since));
        }
        return stable;
    }

    private static TriggerDecision Decide(WorkflowTrigger trigger, NewDataOptions options, List<(DataUnit Unit, DateTimeOffset Since)> stable)
    {
        var ready = stable.Where(one => IsNew(trigger, one.Unit)).ToList();
        if (ready.Count == 0)
            return TriggerDecision.Nothing; // Another host was faster.
        var units = ready.Select(one => one.Unit).ToList();
        return new()
        {
            // A run that began before the data was whole has not seen it.
            Firings = [new(Reason(units), "new data") { Payload = Payload(options, units), NotBefore = ready.Max(one => one.Since) }],
            Seen = Seen(options, trigger.Seen?[UnitsName] as JsonObject ?? [], units),
        };
    }

    private static bool IsNew(WorkflowTrigger trigger, DataUnit unit) => (string?)trigger.Seen?[UnitsName]?[unit.Path] != unit.Fingerprint;

    private static JsonObject Seen(NewDataOptions options, JsonObject before, IEnumerable<DataUnit> units)
    {
        var seen = (JsonObject)before.DeepClone();
        foreach (var unit in units)
            seen[unit.Path] = unit.Fingerprint;
        return new() { [PathName] = options.Path, [UnitsName] = seen };
    }

    private static string Reason(List<DataUnit> units)
    {
        var files = units.Sum(unit => unit.Files.Count);
        return string.Create(CultureInfo.InvariantCulture, $"new data: {units[0].Path}{(units.Count > 1 ? $" and {units.Count - 1} more" : "")}, {files} {(files == 1 ? "file" : "files")}");
    }

    private static JsonObject Payload(NewDataOptions options, List<DataUnit> units)
    {
        var files = units.SelectMany(unit => unit.Files).ToList();
        return new()
        {
            ["path"] = options.Path,
            ["units"] = new JsonArray([.. units.Take(MostListed).Select(unit => (JsonNode)unit.Path)]),
            ["files"] = new JsonArray([.. files.Take(MostListed).Select(file => (JsonNode)file.Path)]),
            ["fileCount"] = files.Count, ["sizeBytes"] = files.Sum(file => file.SizeBytes),
        };
    }
}
