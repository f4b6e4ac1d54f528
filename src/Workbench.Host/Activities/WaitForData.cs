using System.Globalization;
using System.Text.Json.Nodes;
using Workbench.Data;
using Workbench.Workflows;
using Workbench.Workflows.Runtime;
using Workbench.Workflows.Validation;

namespace Workbench.Host.Activities;

/// <summary>Looks whether files are there, hold enough rows and no longer change. The engine keeps what was seen between two looks, and asks again.</summary>
/// <param name="project">Where relative paths start.</param>
internal sealed class WaitForData(string project) : IWaitCheck
{
    public const string Type = "Workbench.WaitForData";

    public static ActivityDescriptor Description { get; } = ActivityOptions.Describe<WaitForDataOptions>();

    public Task<WaitLook> LookAsync(WaitQuestion question, CancellationToken cancellationToken = default)
    {
        if (question.ActivityType != Type)
            throw new WorkflowException($"This host knows no way to wait for '{question.ActivityType}'. Known: {Type}. Does an older host work on the same database?");
        var options = Checked(ActivityOptions.Read<WaitForDataOptions>(question.Inputs));
        return Task.FromResult(Look(options, question.State, question.Now, cancellationToken));
    }

    private WaitLook Look(WaitForDataOptions options, JsonObject state, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var path = Path.GetFullPath(options.Path, project);
        var files = DataFiles.Find(path);
        var look = new WaitLook { IsThere = false, Again = options.CheckEvery, Outputs = Outputs(files, null) };
        if (files.Files.Count == 0)
            return look with { Message = $"Nothing is at '{options.Path}' yet." };
        var fingerprint = files.Fingerprint();
        var isSame = (string?)state["fingerprint"] == fingerprint;
        var since = isSame ? (long)state["since"]! : now.ToUnixTimeMilliseconds();
        var seen = new JsonObject { ["fingerprint"] = fingerprint, ["since"] = since };
        if (now.ToUnixTimeMilliseconds() - since < options.StableFor.TotalMilliseconds)
            return look with { State = seen, Again = Sooner(options, since, now), Message = string.Create(CultureInfo.InvariantCulture, $"{files.Files.Count} files, {files.Bytes} bytes; waits until they are stable for {options.StableFor:c}.") };
        if (options.MinimumRows is not { } minimum)
            return look with { IsThere = true, Message = Words(files, null) };
        // What was counted once need not be counted again while nothing changes.
        var (rows, problem) = isSame && state.ContainsKey("rows") ? ((long?)state["rows"], (string?)state["problem"]) : Count(path, cancellationToken);
        (seen["rows"], seen["problem"]) = (rows, problem);
        return rows >= minimum
            ? look with { IsThere = true, Outputs = Outputs(files, rows), Message = Words(files, rows) }
            : look with { State = seen, Outputs = Outputs(files, rows), Message = problem ?? string.Create(CultureInfo.InvariantCulture, $"{rows} rows in {files.Files.Count} files; waits for {minimum}.") };
    }

    /// <summary>A file that is no table, or only a part of one, may be replaced by one that is: that is no fault.</summary>
    private static (long? Rows, string? Problem) Count(string path, CancellationToken cancellationToken)
    {
        using var session = DuckSession.Open();
        using var interrupt = session.CancelOn(cancellationToken);
        try
        {
            return (session.Scalar<long>($"SELECT count(*) FROM {TableFile.Open(session, path).Relation}"), null);
        }
        catch (DataException failure)
        {
            return (null, $"The rows cannot be counted: {failure.Message}");
        }
    }

    private static WaitForDataOptions Checked(WaitForDataOptions options)
    {
        var problems = new List<string>();
        if (options.CheckEvery < TimeSpan.FromSeconds(1) || options.CheckEvery > TimeSpan.FromDays(1))
            problems.Add($"The input 'checkEvery' is {options.CheckEvery:c}; allowed is 00:00:01 to 1.00:00:00.");
        if (options.StableFor < TimeSpan.Zero)
            problems.Add($"The input 'stableFor' is {options.StableFor:c}; allowed is 00:00:00 and more.");
        if (options.Deadline <= TimeSpan.Zero)
            problems.Add($"The input 'deadline' is {options.Deadline:c}; allowed is more than 00:00:00.");
        return problems.Count == 0 ? options : throw new WorkflowException(string.Join(' ', problems));
    }

    /// <summary>When the files may be stable, if that is sooner than the next look.</summary>
    private static TimeSpan Sooner(WaitForDataOptions options, long since, DateTimeOffset now)
    {
        var left = DateTimeOffset.FromUnixTimeMilliseconds(since) + options.StableFor - now;
        return left < options.CheckEvery ? left : options.CheckEvery;
    }

    private static JsonObject Outputs(DataFiles files, long? rows) => new()
    {
        ["files"] = new JsonArray([.. files.Files.Select(file => (JsonNode)file.FullName)]), ["rows"] = rows, ["bytes"] = files.Bytes,
    };

    private static string Words(DataFiles files, long? rows) =>
        string.Create(CultureInfo.InvariantCulture, $"{files.Files.Count} files, {files.Bytes} bytes{(rows is null ? "" : $", {rows} rows")}.");
}
