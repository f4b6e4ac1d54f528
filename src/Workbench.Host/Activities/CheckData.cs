using System.Text.Json.Nodes;
using Workbench.Data;
using Workbench.Registry;
using Workbench.Workflows;
using Workbench.Workflows.Runtime;

namespace Workbench.Host.Activities;

/// <summary>The gate before training: rows pass only when they are as expected.</summary>
internal sealed class CheckData(ModelRegistry registry) : StepActivity<CheckDataOptions>
{
    public const string Type = "Workbench.CheckData";
    private const int TakenFindings = 50;

    protected override async Task<StepResult> RunAsync(CheckDataOptions options, StepContext step, CancellationToken cancellationToken)
    {
        if (options.MaxAge is not null && options.Time is null)
            throw new WorkflowException("The input 'maxAge' needs 'time', the column that says how old a row is.");
        var clock = ReplayClock.FromEnvironment();
        var gate = new DataGate
        {
            Data = InProject(options.Data), Expectations = options.Expectations is { } file ? InProject(file) : null, Reference = options.Reference is { } reference ? InProject(reference) : null,
            Key = options.Key, Time = options.Time, MaxAge = options.MaxAge, IsStrict = options.Strict, Clock = clock,
        };
        var verdict = await Task.Run(() => gate.Decide(cancellationToken), cancellationToken);
        foreach (string finding in verdict.Findings)
            Console.WriteLine(finding); // the step's log
        string report = Path.Combine(registry.Folder.Reports, $"data-{FileName(step)}.html");
        verdict.ToPage(clock.GetUtcNow()).Save(report);
        return new()
        {
            Outcome = verdict.Passed ? "Passed" : "Failed",
            Outputs = new JsonObject
            {
                ["rows"] = verdict.Rows, ["errors"] = verdict.Errors, ["warnings"] = verdict.Warnings,
                ["findings"] = new JsonArray([.. verdict.Findings.Take(TakenFindings).Select(finding => (JsonNode)finding)]), ["report"] = Path.GetFileName(report),
            },
            Message = verdict.Summary,
        };
    }

    // The same for each attempt of a step.
    private static string FileName(StepContext step) =>
        string.Concat($"{step.DefinitionId}-{step.RunId}-{step.ActivityId}".Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' ? letter : '_'));

    private static string InProject(string path) => Path.GetFullPath(path, ProjectFolder.Current);
}
