using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Workbench.Charts;
using Workbench.Notebooks.Kernel.Formatting;

namespace Workbench.Notebooks.Jobs;

/// <summary>
/// A job as HTML and as text. No scripts: it is drawn anew twice a second, and stands in a report as it was in the end. What
/// it holds is bounded, whatever the job said.
/// </summary>
internal static class JobPicture
{
    private const int ShownRanks = 16, ShownReasons = 8, LinesWhileRunning = 4, LongestReason = 600;

    private const string Style =
        ".wb-job{font:13px/1.5 system-ui,sans-serif;color:inherit;max-width:760px}.wb-job table{border-collapse:collapse;margin:6px 0;font:inherit;color:inherit;border:none}"
        + ".wb-job th,.wb-job td{padding:2px 12px 2px 0;border:none;border-bottom:1px solid #8884;text-align:left!important;background:none;white-space:nowrap}.wb-job th{font-weight:600}"
        + ".wb-job .n{text-align:right!important;font-variant-numeric:tabular-nums}.wb-job pre{font-size:12px;line-height:1.4;margin:4px 0;white-space:pre-wrap;overflow-wrap:anywhere;background:none}"
        + ".wb-job b.done{color:#1a8a4a}.wb-job b.failed,.wb-job .bad{color:#d1453b}.wb-job b.stopped,.wb-job b.waiting{color:#b36b00}.wb-job .q{opacity:.7}";

    public static MimeBundle Draw(JobState job, DateTimeOffset now)
    {
        var (headline, figures) = (Headline(job, now), Figures(job));
        var html = new StringBuilder($"<style>{Style}</style><div class=\"wb-job\"><div><strong>{Encode(job.Title)}</strong> <b class=\"{job.Phase.ToString().ToLowerInvariant()}\">{Encode(headline)}</b></div>");
        if (figures.Length > 0)
            html.Append($"<div>{Encode(figures)}</div>");
        html.Append(Chart(job)).Append(Table(job, now));
        foreach (var reason in ShownReasonsOf(job))
            html.Append($"<div class=\"bad\">{Encode(reason)}</div>");
        html.Append(Lines(job)).Append("</div>");
        return MimeBundle.Of("text/html", html.ToString(), Text(job, now, headline, figures));
    }

    private static string Headline(JobState job, DateTimeOffset now)
    {
        var elapsed = Clock((job.Ended ?? now) - (job.Began ?? now));
        var ranks = job.Size == 1 ? "1 rank" : Invariant($"{job.Size} ranks");
        var attempt = job.Attempt > 1 ? Invariant($", attempt {job.Attempt}") : "";
        return job.Phase switch
        {
            JobPhase.Running => $"running on {ranks}{attempt}, {elapsed} so far",
            JobPhase.Waiting => $"between two attempts, {elapsed} so far",
            JobPhase.Done => $"done on {ranks}{attempt} in {elapsed}",
            JobPhase.Failed => $"failed{attempt} after {elapsed}",
            _ => $"stopped after {elapsed}",
        };
    }

    private static string Figures(JobState job)
    {
        var parts = new List<string>();
        if (job.Latest is { } latest)
            parts.Add(Invariant($"step {latest.Step:N0}, epoch {latest.Epoch:N0}"));
        if (job.Losses.Training is [.., var training])
            parts.Add(Invariant($"loss {training.Loss:G4}"));
        if (job.Losses.Validation is [.., var validation])
            parts.Add(Invariant($"validation {validation.Loss:G4}"));
        if (job.SamplesPerSecond is { } rate)
            parts.Add(Invariant($"{rate:N0} samples/s"));
        if (job.Model is { } model)
            parts.Add($"registered as {model}");
        return string.Join(" · ", parts);
    }

    private static string Chart(JobState job)
    {
        if (job.Losses.Training.Count < 2)
            return "";
        var series = new List<ChartSeries> { Series("training", job.Losses.Training) };
        if (job.Losses.Validation.Count > 0)
            series.Add(Series("validation", job.Losses.Validation));
        var figure = Charts.Chart.Line("", "step", "loss", series).WithHeight(240);
        return SvgChart.Draw(JsonNode.Parse(figure.ToJson())!.AsObject()) ?? ""; // a figure's JSON is an object
    }

    private static ChartSeries Series(string name, IReadOnlyList<(long Step, double Loss)> points) =>
        new(name, points.Select(point => (double)point.Step), points.Select(point => point.Loss));

    private static string Table(JobState job, DateTimeOffset now)
    {
        if (job.Ranks.Count == 0)
            return "";
        var html = new StringBuilder("<table><thead><tr><th class=\"n\">rank</th><th>state</th><th class=\"n\">step</th><th class=\"n\">loss</th><th class=\"n\">time with others</th><th>process</th><th class=\"n\">last news</th></tr></thead><tbody>");
        foreach (var (number, rank) in job.Ranks.Take(ShownRanks))
            html.Append(Invariant($"<tr><td class=\"n\">{number}</td><td{(IsBad(rank) ? " class=\"bad\"" : "")}>{rank.State}</td><td class=\"n\">{rank.Step:N0}</td><td class=\"n\">{rank.Metrics?.TrainingLoss:G4}</td>"))
                .Append(Invariant($"<td class=\"n\">{rank.Metrics?.WaitShare:P0}</td><td>{Encode(Cut(rank.Process, 80))}</td><td class=\"n\">{(job.Ended is null ? Invariant($"{Math.Max(0, (now - rank.Heard).TotalSeconds):0} s ago") : Invariant($"{rank.Heard.UtcDateTime:HH:mm:ss} UTC"))}</td></tr>"));
        html.Append("</tbody></table>");
        if (job.Ranks.Count > ShownRanks)
            html.Append($"<div class=\"q\">{Encode(Others(job))}</div>");
        return html.ToString();
    }

    // Of many ranks, how many are in which state.
    private static string Others(JobState job) => Invariant($"and {job.Ranks.Count - ShownRanks} more: ")
        + string.Join(", ", job.Ranks.Skip(ShownRanks).GroupBy(rank => rank.Value.State).OrderByDescending(group => group.Count()).Select(group => Invariant($"{group.Count()} {group.Key}")));

    private static IEnumerable<string> ShownReasonsOf(JobState job) =>
        job.Reasons.Count <= ShownReasons ? job.Reasons.Select(reason => Cut(reason, LongestReason))
        : [Invariant($"{job.Reasons.Count - ShownReasons} earlier attempts failed as well"), .. job.Reasons.TakeLast(ShownReasons).Select(reason => Cut(reason, LongestReason))];

    private static string Lines(JobState job)
    {
        if (!job.Lines.Any())
            return "";
        if (job.Ended is null)
            return $"<pre class=\"q\">{Encode(string.Join('\n', job.Lines.TakeLast(LinesWhileRunning)))}</pre>";
        return $"<details{(job.Phase == JobPhase.Failed ? " open" : "")}><summary>last lines of the ranks</summary><pre>{Encode(string.Join('\n', job.Lines))}</pre></details>";
    }

    private static string Text(JobState job, DateTimeOffset now, string headline, string figures) => string.Join('\n',
    [
        $"{job.Title}: {headline}", .. figures.Length > 0 ? [figures] : Array.Empty<string>(),
        .. job.Ranks.Take(ShownRanks).Select(rank => Invariant($"rank {rank.Key}: {rank.Value.State}, step {rank.Value.Step:0}, {Cut(rank.Value.Process, 80)}")),
        .. job.Ranks.Count > ShownRanks ? [Others(job)] : Array.Empty<string>(), .. ShownReasonsOf(job),
    ]);

    private static bool IsBad(RankRow rank) => rank.State is "lost" or "stalled" or "failed";

    private static string Clock(TimeSpan span) => span < TimeSpan.FromMinutes(1) ? Invariant($"{span.TotalSeconds:0.0} s")
        : span.ToString(span < TimeSpan.FromHours(1) ? @"m\:ss" : span < TimeSpan.FromDays(1) ? @"h\:mm\:ss" : @"d\.hh\:mm\:ss", CultureInfo.InvariantCulture);

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..length] + "…";

    private static string Encode(string text) => WebUtility.HtmlEncode(text);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
