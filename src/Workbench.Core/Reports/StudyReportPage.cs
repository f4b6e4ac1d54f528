using System.Globalization;
using Workbench.Charts;
using Workbench.Training.Tuning;

namespace Workbench.Reports;

/// <summary>A <see cref="Study"/> as a page: the best trial, what mattered, every trial.</summary>
public static class StudyReportPage
{
    private const int ListedTrials = 500;

    /// <summary>The whole page.</summary>
    /// <param name="study">The study.</param>
    /// <param name="trials">Its trials, by number.</param>
    /// <param name="metric">Name of the value.</param>
    /// <param name="measure">Name of what trials report on their way; null: as <paramref name="metric"/>.</param>
    /// <param name="createdAt">Stands below the title; null for nothing.</param>
    public static HtmlReport Create(Study study, IReadOnlyList<Trial> trials, string metric = "value", string? measure = null, DateTimeOffset? createdAt = null)
    {
        ArgumentNullException.ThrowIfNull(study);
        string made = createdAt is { } time ? string.Create(CultureInfo.InvariantCulture, $", {time.ToUniversalTime():yyyy-MM-dd HH:mm} UTC") : "";
        var page = new HtmlReport($"Tuning: {study.Options.Name}", $"{study.Options.Direction} {metric} by {study.Options.Sampler}, pruner {study.Options.Pruner}, seed {study.Options.Seed}{made}");
        Result(page.Section("Result"), study, trials, metric);
        Charts(page.Section("Trials as charts"), study, trials, metric, measure ?? metric);
        Table(page.Section("Trials"), study, trials, metric);
        return page;
    }

    private static void Result(HtmlSection section, Study study, IReadOnlyList<Trial> trials, string metric)
    {
        var best = study.BestOf(trials);
        section.Status(best is null ? ReportStatus.Warning : ReportStatus.Passed, best is null ? "no value" : "best",
            best is null ? "No trial is completed." : string.Create(CultureInfo.InvariantCulture, $"Trial {best.Number} has the best {metric}: {best.Value:G6}."));
        section.Cards(
            ($"best {metric}", best?.Value?.ToString("G6", CultureInfo.InvariantCulture) ?? "none"),
            ("completed", Count(trials, TrialState.Completed)), ("pruned", Count(trials, TrialState.Pruned)), ("failed", Count(trials, TrialState.Failed)), ("running", Count(trials, TrialState.Running)));
        if (best is not null)
            section.Table(["Parameter", "Best value", "Searched"], study.Options.Space.Parameters.Select(parameter => (IReadOnlyList<ReportCell>)[parameter.Name, Text(best, parameter.Name), parameter.ToString()]));
    }

    private static void Charts(HtmlSection section, Study study, IReadOnlyList<Trial> trials, string metric, string measure)
    {
        foreach (var figure in new[] { StudyFigures.History(study, trials, metric), StudyFigures.Parallel(study, trials, metric), StudyFigures.Importance(study, trials), StudyFigures.Steps(study, trials, measure) }.OfType<PlotlyFigure>())
            section.Figure(figure);
        if (ParameterImportance.Of(study.Options.Space, trials).Count == 0)
            section.Text($"Importance needs at least {ParameterImportance.FewestTrials} completed trials with different values.");
    }

    private static void Table(HtmlSection section, Study study, IReadOnlyList<Trial> trials, string metric)
    {
        if (trials.Count > ListedTrials)
            section.Text($"The last {ListedTrials} of {trials.Count} trials.");
        var names = study.Options.Space.Parameters.Select(parameter => parameter.Name).ToList();
        section.Table(["Trial", "State", metric, "Steps", "Seconds", "Attempt", .. names, "Note", "Error"], trials.TakeLast(ListedTrials).Select(trial => (IReadOnlyList<ReportCell>)
        [
            ReportCell.Number(trial.Number, "F0"), State(trial), ReportCell.Number(trial.Value, "G6"), ReportCell.Number(trial.Steps.Count > 0 ? trial.Steps[^1].Step : null, "F0"),
            ReportCell.Number((trial.EndedAt - trial.StartedAt)?.TotalSeconds, "F1"), ReportCell.Number(trial.Attempt, "F0"), .. names.Select(name => ReportCell.Text(Text(trial, name))), trial.Note, trial.Error,
        ]));
    }

    private static ReportCell State(Trial trial) => ReportCell.Badge(
        trial.State switch { TrialState.Completed => ReportStatus.Passed, TrialState.Failed => ReportStatus.Refused, TrialState.Pruned => ReportStatus.Warning, _ => ReportStatus.Neutral },
        trial.State.ToString().ToLowerInvariant());

    private static string Text(Trial trial, string name) => trial.Parameters[name]?.ToJsonString().Trim('"') ?? "null";

    private static string Count(IReadOnlyList<Trial> trials, TrialState state) => trials.Count(trial => trial.State == state).ToString(CultureInfo.InvariantCulture);
}
