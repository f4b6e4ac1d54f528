using System.Globalization;

namespace Workbench.Serving.Comparison;

/// <summary>Who may win, and who does.</summary>
internal static class ComparisonRules
{
    /// <summary>Adds to measured candidates what follows from them: the best, the differences, the refusals and the choice.</summary>
    public static ArchitectureComparison Judge(ArchitectureComparison comparison)
    {
        string? best = Best(comparison, comparison.Candidates)?.Name;
        var judged = comparison with
        {
            Best = best,
            Candidates = [.. comparison.Candidates.Select(one => one with
            {
                AgainstBaseline = one.Name == comparison.Baseline ? null : comparison.Against(one.Name, comparison.Baseline),
                AgainstBest = best is null || one.Name == best ? null : comparison.Against(one.Name, best),
                Refusal = Refusal(one, best, comparison.Options),
            })],
        };
        var choice = Choose(judged, [.. judged.Candidates.Where(one => one.Refusal is null)]);
        string refused = judged.Candidates.FirstOrDefault(one => one.Name == best)?.Refusal is { } why ? $" {best} is refused: {why}." : "";
        return judged with { Choice = choice with { Why = choice.Why + refused } };
    }

    /// <summary>Why a candidate is refused, or null.</summary>
    public static string? Refusal(CandidateResult candidate, string? best, ComparisonOptions options)
    {
        if (options.LatencyLimit is not { } limit)
            return null;
        var measured = candidate.Latency(options.LimitedBatchSize);
        var taken = options.LimitsP99 ? measured.P99 : measured.Median;
        string quality = candidate.Name == best ? "best quality, but " : "";
        return taken <= limit ? null : string.Create(CultureInfo.InvariantCulture,
            $"{quality}an answer takes {taken.TotalMilliseconds:G3} ms ({(options.LimitsP99 ? "p99" : "median")} at batch {options.LimitedBatchSize}), allowed are {limit.TotalMilliseconds:G3} ms");
    }

    /// <summary>The simplest of the allowed candidates that is not worse than the best of them beyond chance.</summary>
    public static ComparisonChoice Choose(ArchitectureComparison comparison, IReadOnlyList<CandidateResult> allowed)
    {
        var known = allowed.Where(one => one.Quality is not null).OrderBy(one => one.Parameters).ToList();
        if (known.Count == 0)
            return new(null, null, allowed.Count == 0 ? "No candidate is within the limit. Raise it, or try smaller ones." : $"The held-out rows do not define {comparison.Metric}.");
        var best = Best(comparison, known)!; // there is one
        var simplest = known.First(one => one == best || !(comparison.Against(one.Name, best.Name)?.Upper < 0));
        if (simplest == best)
        {
            string within = allowed.Count < comparison.Candidates.Count ? " within the limit" : "";
            return new(best.Name, best.Name, $"{best.Name} is {(known.Count == 1 ? "the only one" : "the best")}{within}{(known.Count == 1 ? "" : known[0] == best ? ", and none is simpler" : ", and every simpler one is worse beyond chance")}.");
        }
        var difference = comparison.Against(simplest.Name, best.Name)!; // its interval was looked at
        return new(simplest.Name, best.Name, string.Create(CultureInfo.InvariantCulture,
            $"{simplest.Name} cannot be told from {best.Name} ({ComparisonText.Of(difference)}), which has {(double)best.Parameters / Math.Max(1, simplest.Parameters):0.#} times the parameters."));
    }

    /// <summary>The candidate with the best quality; of equal ones the first.</summary>
    public static CandidateResult? Best(ArchitectureComparison comparison, IEnumerable<CandidateResult> candidates) => candidates
        .Where(one => one.Quality is not null)
        .MaxBy(one => comparison.Direction == Evaluation.MetricDirection.HigherIsBetter ? one.Quality!.Value : -one.Quality!.Value); // filtered above
}
