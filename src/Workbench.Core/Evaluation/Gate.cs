using System.Globalization;

namespace Workbench.Evaluation;

/// <summary>Decides whether a candidate may replace the champion. Pure: the same evidence and rules give the same verdict.</summary>
public static class Gate
{
    private const int BootstrapSamples = 1000;

    /// <summary>The verdict on a candidate that is the champion, or has its weights to the byte.</summary>
    public static GateVerdict Identical(string candidate, string champion, string metric = "accuracy") =>
        Verdict(candidate, metric, [new(GateOutcome.Refused, GateReason.IdenticalModel, $"its weights are those of champion {champion}")]);

    /// <summary>Asks every rule.</summary>
    /// <exception cref="ArgumentException">A rule is out of range, a metric is unknown for the predictions, or a rule has no evidence (a slice column, a latency, a size).</exception>
    public static GateVerdict Judge(GateEvidence evidence, GateRules rules)
    {
        if (rules.Validate() is { Count: > 0 } errors)
            throw new ArgumentException($"The gate cannot work: {string.Join(" ", errors)}", nameof(rules));
        var metric = rules.Metric is { } name ? Metrics.Find(name, evidence.Predictions.Task) : Metrics.Default(evidence.Predictions.Task);
        var findings = new List<GateFinding>();
        if (evidence.Champion is not { } champion || evidence.ChampionPredictions is not { } theirs)
        {
            if (rules.Thresholds.Count > 0)
                findings.AddRange(evidence.Predictions.Rows < rules.MinimumRows ? [TooFew(evidence, rules, "judge it")] : Thresholds(evidence.Predictions, rules));
            findings.AddRange(Costs(evidence, rules));
            if (findings.TrueForAll(finding => finding.Outcome == GateOutcome.Passed))
                findings.Insert(0, new(GateOutcome.Passed, GateReason.NoChampion, "there is no champion yet"));
            return Verdict(evidence.Candidate, metric.Name, findings) with { Rows = evidence.Predictions.Rows };
        }
        if (evidence.Predictions.Rows < rules.MinimumRows)
            return Verdict(evidence.Candidate, metric.Name, [TooFew(evidence, rules, $"compare with champion {champion}"), .. Costs(evidence, rules)]) with { Rows = evidence.Predictions.Rows };
        var comparison = Compare(metric, evidence.Predictions, theirs, champion, rules);
        findings.Add(comparison.Finding);
        findings.AddRange(Thresholds(evidence.Predictions, rules));
        findings.AddRange(rules.Slices.SelectMany(column => SlicesOf(metric, evidence, theirs, column, rules)));
        findings.AddRange(Costs(evidence, rules));
        return Verdict(evidence.Candidate, metric.Name, findings) with
        {
            Rows = evidence.Predictions.Rows, CandidateValue = comparison.Ours, ChampionValue = comparison.Theirs, Difference = comparison.Difference,
        };
    }

    private static (GateFinding Finding, double? Ours, double? Theirs, PairedDifference? Difference) Compare(
        Metric metric, Predictions candidate, Predictions champion, string name, GateRules rules)
    {
        double? ours = metric.Compute(candidate), theirs = metric.Compute(champion);
        if (PairedBootstrap.Compare(metric, candidate, champion, BootstrapSamples, seed: 0) is not { } difference)
            return (new(GateOutcome.Inconclusive, GateReason.Undefined, $"the {candidate.Rows} rows do not define {metric.Name}, such as when only one class occurs"), ours, theirs, null);
        double relative = (rules.MinimumRelativeImprovement ?? 0) * Math.Abs(theirs ?? 0);
        double needed = rules.MinimumRelativeImprovement is null ? rules.MinimumImprovement : Math.Max(rules.MinimumImprovement, relative);
        bool passed = difference.Lower > needed;
        string message = Text($"{metric.Name} {ours:F4} against {theirs:F4} of champion {name} on the same {difference.Rows} rows, difference {Signed(difference)}; needed: the whole interval above {needed:F4}");
        return (new(passed ? GateOutcome.Passed : GateOutcome.Refused, passed ? GateReason.Better : GateReason.NotBetter, message), ours, theirs, difference);
    }

    private static IEnumerable<GateFinding> Thresholds(Predictions predictions, GateRules rules)
    {
        foreach (var threshold in rules.Thresholds)
        {
            double? value = Metrics.Find(threshold.Metric, predictions.Task).Compute(predictions);
            yield return value is { } known
                ? new(threshold.Allows(known) ? GateOutcome.Passed : GateOutcome.Refused, GateReason.ThresholdMissed,
                    Text($"{threshold.Metric} is {known:F4}, needed is {(threshold.IsMinimum ? "at least" : "at most")} {threshold.Limit}"))
                : new(GateOutcome.Inconclusive, GateReason.Undefined, $"the {predictions.Rows} rows do not define {threshold.Metric}");
        }
    }

    private static IEnumerable<GateFinding> SlicesOf(Metric metric, GateEvidence evidence, Predictions theirs, string name, GateRules rules)
    {
        var column = evidence.Slices.FirstOrDefault(one => one.Name == name)
            ?? throw new ArgumentException($"The rules name the slices of '{name}', and the evidence has {(evidence.Slices.Count > 0 ? string.Join(", ", evidence.Slices.Select(one => one.Name)) : "none")}. Give the column.", nameof(evidence));
        foreach (var (slice, rows) in Slices.Of(column, evidence.Predictions.Rows).Where(slice => slice.Rows.Length >= rules.MinimumSliceRows))
        {
            if (PairedBootstrap.Compare(metric, evidence.Predictions.Select(rows), theirs.Select(rows), BootstrapSamples, seed: 0) is not { } difference)
                continue; // one class in a slice says nothing of an area under the curve
            bool fell = difference.Upper < -rules.SliceTolerance;
            yield return new(fell ? GateOutcome.Refused : GateOutcome.Passed, GateReason.SliceFell,
                Text($"{metric.Name} where {name} is {slice} ({rows.Length} rows): difference {Signed(difference)}{(fell ? Text($", which is worse than the {rules.SliceTolerance:F4} that a slice may fall") : "")}"));
        }
    }

    private static IEnumerable<GateFinding> Costs(GateEvidence evidence, GateRules rules)
    {
        if (rules.LatencyLimit is { } limit)
        {
            var latency = evidence.Latency ?? throw new ArgumentException("The rules limit the latency, and the evidence has none. Measure it.", nameof(evidence));
            yield return new(latency <= limit ? GateOutcome.Passed : GateOutcome.Refused, GateReason.TooSlow,
                Text($"an answer takes {latency.TotalMilliseconds:G3} ms (median), allowed are {limit.TotalMilliseconds:G3} ms"));
        }
        if (rules.SizeLimitBytes is { } largest)
        {
            long size = evidence.SizeBytes ?? throw new ArgumentException("The rules limit the size, and the evidence has none. Measure the file.", nameof(evidence));
            yield return new(size <= largest ? GateOutcome.Passed : GateOutcome.Refused, GateReason.TooLarge, Text($"its file has {size:N0} bytes, allowed are {largest:N0}"));
        }
    }

    private static GateFinding TooFew(GateEvidence evidence, GateRules rules, string why) => new(GateOutcome.Inconclusive, GateReason.TooFewRows,
        $"{evidence.Predictions.Rows} labelled rows are too few to {why}; at least {rules.MinimumRows} are needed");

    // What is against the candidate comes first; of slices that held only their number is told.
    private static GateVerdict Verdict(string candidate, string metric, IReadOnlyList<GateFinding> findings)
    {
        var against = findings.Where(finding => finding.Outcome != GateOutcome.Passed).OrderBy(finding => finding.Outcome).ToList(); // Refused before Inconclusive
        var outcome = against.Count > 0 ? against[0].Outcome : GateOutcome.Passed;
        string word = outcome switch { GateOutcome.Passed => "passes", GateOutcome.Refused => "is refused", _ => "is refused as inconclusive" };
        int held = findings.Count(finding => finding is { Outcome: GateOutcome.Passed, Reason: GateReason.SliceFell });
        var told = against.Count > 0
            ? [.. against, .. findings.Where(finding => finding.Reason == GateReason.Better)]
            : findings.Where(finding => finding.Reason != GateReason.SliceFell).ToList();
        var words = told.Select(finding => finding.Message).Concat(held > 0 ? [$"slices that did not fall: {held}"] : Enumerable.Empty<string>());
        return new()
        {
            Outcome = outcome, Reason = (against.Count > 0 ? against[0] : findings[0]).Reason, Metric = metric, Findings = findings,
            Message = $"{candidate} {word}: {string.Join("; ", words)}.",
        };
    }

    private static string Signed(PairedDifference one) => Text($"{one.Difference:+0.0000;-0.0000;0.0000} [{one.Lower:+0.0000;-0.0000;0.0000}, {one.Upper:+0.0000;-0.0000;0.0000}]");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
