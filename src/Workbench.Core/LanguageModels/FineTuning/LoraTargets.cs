using Workbench.Data;

namespace Workbench.LanguageModels.FineTuning;

/// <summary>Which projections of a model a list of targets means, by PEFT's rule: the whole name, or its end after a dot.</summary>
internal static class LoraTargets
{
    private const string OutputHead = "lm_head";

    /// <summary>The projections, in the model's order.</summary>
    /// <exception cref="ArgumentException">A target is none of the model's; lists all such and the known ones.</exception>
    public static IReadOnlyList<(string Name, Projection Projection)> Of(CausalLanguageModel model, IReadOnlyList<string> targets)
    {
        var all = model.Projections.Select(named => (Name: named.Key, Projection: named.Value)).ToList();
        var unknown = targets.Where(target => target != LoraOptions.AllLinear && !all.Exists(named => Matches(named.Name, target))).ToList();
        if (unknown.Count > 0)
            throw new ArgumentException(
                $"Unknown LoRA {(unknown.Count > 1 ? "targets" : "target")} {string.Join(", ", unknown.Select(target => $"'{target}'"))} for a {model.Config.ModelType}." +
                $"{Suggestion.DidYouMean(unknown[0], Known(all))} Known: {string.Join(", ", Known(all).Prepend(LoraOptions.AllLinear))}.");
        return all.Where(named => targets.Any(target => target == LoraOptions.AllLinear ? named.Name != OutputHead : Matches(named.Name, target))).ToList();
    }

    /// <summary>The last parts of names, each once, which mean the same projections to PEFT.</summary>
    public static IReadOnlyList<string> Ends(IEnumerable<string> names) => names.Select(End).Distinct().ToList();

    private static bool Matches(string name, string target) => name == target || name.EndsWith("." + target, StringComparison.Ordinal);

    private static IReadOnlyList<string> Known(IEnumerable<(string Name, Projection Projection)> all) => Ends(all.Select(named => named.Name));

    private static string End(string name) => name[(name.LastIndexOf('.') + 1)..];
}
