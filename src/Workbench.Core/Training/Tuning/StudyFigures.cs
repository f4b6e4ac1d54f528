using System.Globalization;
using Workbench.Charts;

namespace Workbench.Training.Tuning;

/// <summary>Charts of a study. Each is null when there is nothing to draw yet.</summary>
public static class StudyFigures
{
    private const int MostLines = 1000;

    /// <summary>Value of every trial by its number, and the best so far.</summary>
    /// <param name="study">The study.</param>
    /// <param name="trials">Its trials, by number.</param>
    /// <param name="metric">Name of the value.</param>
    public static PlotlyFigure? History(Study study, IReadOnlyList<Trial> trials, string metric = "value")
    {
        var completed = trials.Where(trial => trial.State == TrialState.Completed).ToList();
        if (completed.Count == 0)
            return null;
        // What pruned trials reported is drawn where it is the same measure.
        var pruned = study.Options.StepDirection is null ? trials.Where(trial => trial.State == TrialState.Pruned && trial.Steps.Count > 0).ToList() : [];
        // The best so far is a staircase: it keeps its height until the trial that is better.
        var stairs = new List<(double Number, double Best)>();
        foreach (var trial in completed)
        {
            double value = trial.Value!.Value; // a completed trial has one
            if (stairs.Count > 0)
                stairs.Add((trial.Number, stairs[^1].Best));
            if (stairs.Count == 0 || Study.Sign(study.Options.Direction) * (value - stairs[^1].Best) < 0)
                stairs.Add((trial.Number, value));
        }
        List<ChartSeries> series = [new("completed", completed.Select(trial => (double)trial.Number), completed.Select(trial => trial.Value!.Value))];
        if (pruned.Count > 0)
            series.Add(new("pruned", pruned.Select(trial => (double)trial.Number), pruned.Select(trial => trial.Steps[^1].Value)));
        series.Add(new("best so far", stairs.Select(step => step.Number), stairs.Select(step => step.Best)) { Dashed = true });
        return Chart.Scatter("Optimisation history", "trial", metric, series);
    }

    /// <summary>What each parameter explains; see <see cref="ParameterImportance"/>.</summary>
    /// <param name="study">The study.</param>
    /// <param name="trials">Its trials.</param>
    public static PlotlyFigure? Importance(Study study, IReadOnlyList<Trial> trials)
    {
        var shares = ParameterImportance.Of(study.Options.Space, trials);
        return shares.Count == 0 ? null : Chart.HorizontalBar("Importance of parameters (fANOVA, main effects)", "share", [.. shares.Select(one => one.Parameter)], [.. shares.Select(one => one.Share)]);
    }

    /// <summary>Parameters and value of every completed trial, one line each; the best one stands out.</summary>
    /// <param name="study">The study.</param>
    /// <param name="trials">Its trials.</param>
    /// <param name="metric">Name of the value.</param>
    public static PlotlyFigure? Parallel(Study study, IReadOnlyList<Trial> trials, string metric = "value")
    {
        var space = study.Options.Space;
        var rows = trials.Where(trial => trial.State == TrialState.Completed).Select(trial => (Trial: trial, X: space.CoordinatesOf(trial.Parameters)))
            .Where(row => row.X is not null).OrderBy(row => Study.Sign(study.Options.Direction) * row.Trial.Value).Take(MostLines).Reverse().ToList(); // the best are drawn last, on top
        if (rows.Count == 0)
            return null;
        var values = rows.Select(row => row.Trial.Value!.Value).ToList();
        var (low, high) = (values.Min(), values.Max());
        double Position(double value) => high > low ? (value - low) / (high - low) : 0.5;
        List<ParallelAxis> axes =
        [
            .. space.Axes.Select((axis, i) => new ParallelAxis(axis.Name, [.. rows.Select(row => axis.PositionOf(row.X![i]))], axis.Ticks())),
            new(metric, [.. values.Select(Position)], high > low ? [(0, Text(low)), (1, Text(high))] : [(0.5, Text(low))]),
        ];
        var ranks = rows.Select((_, i) => rows.Count == 1 ? 1 : (double)i / (rows.Count - 1)).ToList();
        return Chart.ParallelCoordinates($"Parameters of {rows.Count} trials, the best in orange", axes, ranks, [.. rows.Select(row => $"trial {row.Trial.Number}: {metric} {Text(row.Trial.Value!.Value)}, {row.Trial}")], rows.Count - 1);
    }

    /// <summary>What trials reported on their way: those that went to their end, those that were pruned, and the best one.</summary>
    /// <param name="study">The study.</param>
    /// <param name="trials">Its trials.</param>
    /// <param name="measure">Name of what was reported.</param>
    public static PlotlyFigure? Steps(Study study, IReadOnlyList<Trial> trials, string measure = "reported value")
    {
        var best = study.BestOf(trials);
        ChartSeries? Curves(string name, Func<Trial, bool> which)
        {
            // A gap between two trials keeps their curves apart within one series.
            var points = trials.Where(trial => trial.Steps.Count > 0 && which(trial)).SelectMany(trial => trial.Steps.Select(step => (X: (double)step.Step, Y: step.Value)).Append((X: double.NaN, Y: double.NaN))).ToList();
            return points.Count == 0 ? null : new(name, points.Select(point => point.X), points.Select(point => point.Y));
        }
        List<ChartSeries> series =
        [
            .. new[]
            {
                Curves("completed", trial => trial.State == TrialState.Completed && trial.Number != best?.Number), Curves("pruned", trial => trial.State == TrialState.Pruned),
                Curves("best", trial => trial.Number == best?.Number),
            }.OfType<ChartSeries>(),
        ];
        return series.Count == 0 ? null : Chart.Line("Learning curves of the trials", "step", measure, series);
    }

    private static string Text(double value) => value.ToString("G5", CultureInfo.InvariantCulture);
}
