using System.Globalization;
using System.Text.Json.Nodes;
using Workbench.Host.Activities.Tuning;
using Workbench.Reports;
using Workbench.Training.Tuning;

namespace Workbench.Host.Cli;

/// <summary>What a study found, for people.</summary>
internal static class TuneOutput
{
    /// <summary>Prints the best trial and the command that makes use of it, and writes the report where one is asked for.</summary>
    /// <returns>Whether a trial has a value.</returns>
    public static async Task<bool> PrintAsync(Study study, string? html, CancellationToken cancellationToken)
    {
        var task = TuneTask.Of(study);
        var trials = await study.TrialsAsync(cancellationToken);
        int Count(TrialState state) => trials.Count(trial => trial.State == state);
        Console.WriteLine($"{trials.Count} trials: {Count(TrialState.Completed)} completed, {Count(TrialState.Pruned)} pruned, {Count(TrialState.Failed)} failed, {Count(TrialState.Running)} under way");
        var best = study.BestOf(trials);
        if (best is null)
            Console.WriteLine("No trial has a value yet.");
        else
            Print(study, task, best, ParameterImportance.Of(study.Options.Space, trials));
        if (html is not null)
        {
            StudyReportPage.Create(study, trials, task.Metric, task.Kind == TuneKind.Table ? TableMetrics.Reported : null, TimeProvider.System.GetUtcNow()).Save(html);
            Console.WriteLine($"Report: {html}");
        }
        return best is not null;
    }

    private static void Print(Study study, TuneTask task, Trial best, IReadOnlyList<Importance> importance)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Best {task.Metric} {best.Value:G6}, trial {best.Number}{(best.Note is { } run ? $", run {run}" : "")}"));
        TextTable.Write(["parameter", "value", "searched", "importance"], study.Options.Space.Parameters.Select(parameter => new[]
        {
            parameter.Name, Text(best.Parameters[parameter.Name]), parameter.ToString(),
            importance.FirstOrDefault(one => one.Parameter == parameter.Name)?.Share.ToString("P0", CultureInfo.InvariantCulture) ?? "unknown",
        }), "No parameter.");
        Console.WriteLine(task.Kind == TuneKind.Table
            ? $"Train and register it: workbench tune train {Quoted(study.Options.Name)} --model NAME"
            : $"Run it: workbench notebook run {Quoted(task.Source)} OUTPUT.ipynb -y {Quoted(task.With(best.Parameters).ToJsonString())}");
    }

    private static string Text(JsonNode? value) => value is JsonValue scalar && scalar.TryGetValue(out string? text) ? text : value?.ToJsonString() ?? "null";

    // For a shell.
    private static string Quoted(string text) => text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or '/') ? text : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
