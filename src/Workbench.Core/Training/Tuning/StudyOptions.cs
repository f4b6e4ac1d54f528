using System.Globalization;
using System.Text.Json.Nodes;

namespace Workbench.Training.Tuning;

/// <summary>What a study searches, and how. Kept with the study, so that every worker goes by the same.</summary>
public sealed record StudyOptions
{
    /// <summary>Name of the study, unique in its database.</summary>
    public required string Name { get; init; }
    /// <summary>What may be set.</summary>
    public required SearchSpace Space { get; init; }
    /// <summary>Which final values are better. Default: lower.</summary>
    public StudyDirection Direction { get; init; } = StudyDirection.Minimise;
    /// <summary>Which reported values are better, where they are another measure than the final value; default null: as <see cref="Direction"/>.</summary>
    public StudyDirection? StepDirection { get; init; }
    /// <summary>How parameters are chosen. Default TPE.</summary>
    public SamplerKind Sampler { get; init; } = SamplerKind.Tpe;
    /// <summary>Trials of TPE that are chosen at random before it begins, at least 1. Default 10.</summary>
    public int StartupTrials { get; init; } = 10;
    /// <summary>Points that TPE draws for each parameter and chooses from, at least 1. Default 24.</summary>
    public int Candidates { get; init; } = 24;
    /// <summary>Seed of all that is drawn. Default 42.</summary>
    public long Seed { get; init; } = 42;
    /// <summary>Which trials are stopped early. Default none.</summary>
    public PrunerKind Pruner { get; init; } = PrunerKind.None;
    /// <summary>Steps before which nothing is pruned: the first rung r, at least 1. Default 1.</summary>
    public long MinSteps { get; init; } = 1;
    /// <summary>Steps of a trial that goes to its end: R, at least <see cref="MinSteps"/>. Needed for pruning.</summary>
    public long MaxSteps { get; init; } = 1;
    /// <summary>Reduction factor η: one in so many goes on from a rung, and rungs are so many times apart. At least 2. Default 3.</summary>
    public int Reduction { get; init; } = 3;
    /// <summary>How often a trial whose worker died is tried again, 0 or more. Default 2.</summary>
    public int MaxRetries { get; init; } = 2;
    /// <summary>Silence of a worker after which another takes its trial, 1 s to 1 day. Default 60 s.</summary>
    public TimeSpan StaleAfter { get; init; } = TimeSpan.FromSeconds(60);
    /// <summary>Parameters of the first trials, such as those in use today; each sets the whole space. Default none.</summary>
    public IReadOnlyList<JsonObject> FirstTrials { get; init; } = [];
    /// <summary>What a trial does, for workers that know the study by its name only; any JSON. Default null.</summary>
    public JsonObject? Task { get; init; }

    /// <summary>Which reported values are better.</summary>
    internal StudyDirection StepsBetter => StepDirection ?? Direction;

    /// <summary>Every setting that is wrong; empty when all is well.</summary>
    public IReadOnlyList<string> Validate() =>
        Rules().Where(rule => !rule.Holds).Select(rule => $"{rule.Name} is {rule.Value}; allowed is {rule.Allowed}.")
            .Concat(FirstTrials.Where(trial => !Space.Contains(trial))
                .Select(trial => $"The first trial {trial.ToJsonString()} lies outside the space {Space.ToJson().ToJsonString()}; give each of its parameters a value that is allowed.")).ToList();

    private IEnumerable<(string Name, string Value, string Allowed, bool Holds)> Rules()
    {
        yield return (nameof(Name), $"'{Name}'", "1 to 200 characters, not all blank", Name.Length is >= 1 and <= 200 && !string.IsNullOrWhiteSpace(Name));
        yield return (nameof(StartupTrials), Text(StartupTrials), "1 to 100,000", StartupTrials is >= 1 and <= 100_000);
        yield return (nameof(Candidates), Text(Candidates), "1 to 10,000", Candidates is >= 1 and <= 10_000);
        yield return (nameof(MinSteps), Text(MinSteps), "at least 1", MinSteps >= 1);
        yield return (nameof(MaxSteps), Text(MaxSteps), $"at least MinSteps, which is {Text(MinSteps)}, and at most 10^12", MaxSteps >= MinSteps && MaxSteps <= 1_000_000_000_000);
        yield return (nameof(Reduction), Text(Reduction), "2 to 1,000", Reduction is >= 2 and <= 1_000);
        yield return (nameof(MaxRetries), Text(MaxRetries), "0 to 1,000", MaxRetries is >= 0 and <= 1_000);
        yield return (nameof(StaleAfter), StaleAfter.ToString("c", CultureInfo.InvariantCulture), "1 s to 1 day", StaleAfter >= TimeSpan.FromSeconds(1) && StaleAfter <= TimeSpan.FromDays(1));
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
