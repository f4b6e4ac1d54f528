using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Notebooks.Running;
using Workbench.Registry;

namespace Workbench.Host.Activities;

/// <summary>
/// The run of a notebook as a run of an experiment: begun before its first cell and ended with it, whatever the end. A run
/// whose process died is found and closed by the next one of the experiment.
/// </summary>
internal sealed class NotebookRecording
{
    /// <summary>Environment variable that tells cells the id of their run.</summary>
    public const string RunIdVariable = "WORKBENCH_RUN_ID";

    private const string ProcessTag = "workbench.process";

    private readonly ModelRegistry _registry;

    private NotebookRecording(ModelRegistry registry, RunId id, JsonObject facts) => (_registry, Id, Facts) = (registry, id, facts);

    public RunId Id { get; }

    /// <summary>What the executed notebook keeps of it: id, hashes of notebook and data, environment.</summary>
    public JsonObject Facts { get; }

    public static async Task<NotebookRecording> StartAsync(ModelRegistry registry, string experiment, PreparedRun run, string input, CancellationToken cancellationToken)
    {
        var data = JsonSerializer.SerializeToNode(NotebookData.Hash(run))!;
        var environment = JsonSerializer.SerializeToNode(EnvironmentSnapshot.Capture(), JsonSerializerOptions.Web)!;
        await registry.GetOrCreateExperimentAsync(experiment, cancellationToken);
        await CloseDeadAsync(registry, experiment, cancellationToken);
        var begun = await registry.StartRunAsync(experiment, tags: new Dictionary<string, string>
        {
            ["workbench.notebook"] = input,
            ["workbench.notebookHash"] = run.Hash.Value,
            ["workbench.kernel"] = run.KernelName,
            ["workbench.data"] = data.ToJsonString(),
            ["workbench.environment"] = environment.ToJsonString(),
            [ProcessTag] = Identity(Process.GetCurrentProcess()),
        }, cancellationToken: cancellationToken);
        foreach (var (name, value) in run.Parameters)
            await registry.LogParameterAsync(begun.Id, name, Text(value), cancellationToken);
        var facts = new JsonObject
        {
            ["id"] = begun.Id.Value, ["experiment"] = experiment, ["notebookHash"] = run.Hash.Value, ["kernel"] = run.KernelName, ["data"] = data, ["environment"] = environment,
        };
        if (run.Limits.Count > 0)
            facts["limits"] = JsonSerializer.SerializeToNode(run.Limits);
        return new(registry, begun.Id, facts);
    }

    /// <summary>Ends the record; the executed notebook, where there is one, is kept among the artifacts.</summary>
    public async Task EndAsync(RunStatus status, string output, string? error)
    {
        if (File.Exists(output))
            await _registry.SetTagAsync(Id, "workbench.executedNotebook", (await _registry.Artifacts.PutAsync(output)).Value);
        if (error is not null)
            await _registry.SetTagAsync(Id, RunTags.Error, error);
        await _registry.EndRunAsync(Id, status);
    }

    // Runs of other machines that share the registry are theirs to judge.
    private static async Task CloseDeadAsync(ModelRegistry registry, string experiment, CancellationToken cancellationToken)
    {
        foreach (var run in await registry.ListRunsAsync(experiment, cancellationToken: cancellationToken))
        {
            if (run.Status != RunStatus.Running || !run.Tags.TryGetValue(ProcessTag, out var identity) || !identity.StartsWith(Environment.MachineName + " ", StringComparison.Ordinal) || IsAlive(identity))
                continue;
            await registry.SetTagAsync(run.Id, RunTags.Error, "Its process ended without saying so: it was killed, or the machine went down.", cancellationToken);
            await registry.EndRunAsync(run.Id, RunStatus.Killed, cancellationToken);
        }
    }

    private static bool IsAlive(string identity)
    {
        try
        {
            using var process = Process.GetProcessById(int.Parse(identity.Split(' ')[1], CultureInfo.InvariantCulture));
            return !process.HasExited && Identity(process) == identity;
        }
        catch (ArgumentException)
        {
            return false; // no such process
        }
    }

    // The time of its start tells a process from a later one with the same number.
    private static string Identity(Process process) =>
        string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName} {process.Id} {process.StartTime.ToUniversalTime():yyyy-MM-ddTHH:mm:ssZ}");

    private static string Text(JsonNode? value) => value is JsonValue scalar && scalar.TryGetValue(out string? text) ? text
        : value is JsonValue number && number.TryGetValue(out double special) && !double.IsFinite(special) ? special.ToString(CultureInfo.InvariantCulture) : value?.ToJsonString() ?? "null";
}
