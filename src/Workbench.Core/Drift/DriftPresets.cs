using Workbench.Data;

namespace Workbench.Drift;

/// <summary>The presets by name, for command lines and files.</summary>
public static class DriftPresets
{
    /// <summary>Names for <see cref="Parse"/>: workbench, evidently, nannyml.</summary>
    public static IReadOnlyList<string> Known { get; } = ["workbench", "evidently", "nannyml"];

    /// <summary>The preset of that name, in any case; the full name, such as EvidentlyCompatible, is also taken.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists the known ones.</exception>
    public static DriftPreset Parse(string name) => name.ToLowerInvariant() switch
    {
        "workbench" => DriftPreset.Workbench,
        "evidently" or "evidentlycompatible" => DriftPreset.EvidentlyCompatible,
        "nannyml" or "nannymlcompatible" => DriftPreset.NannyMlCompatible,
        _ => throw new ArgumentException($"Unknown drift preset '{name}'.{Suggestion.DidYouMean(name, Known)} Known: {string.Join(", ", Known)}.", nameof(name)),
    };
}
