using System.Globalization;
using System.Text.Json;
using Workbench.Data;
using Workbench.Drift.Presets;

namespace Workbench.Drift;

/// <summary>Reads the words of <see cref="DriftSettings"/> and collects what is wrong with them.</summary>
internal sealed class SettingReader
{
    public List<(string Setting, string Problem)> Findings { get; } = [];

    public void Add(string setting, string problem) => Findings.Add((setting, problem));

    public void Range<T>(string setting, T? value, Func<T, bool> isAllowed, string allowed) where T : struct
    {
        if (value is { } given && !isAllowed(given))
            Add(setting, string.Create(CultureInfo.InvariantCulture, $"is {given}; allowed: {allowed}."));
    }

    /// <summary>The member of that name, whatever its case; null when the text is null or wrong.</summary>
    public T? Choice<T>(string setting, string? text, string of = "") where T : struct, Enum
    {
        if (text is null)
            return null;
        var names = Enum.GetNames<T>();
        if (names.FirstOrDefault(name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } found)
            return Enum.Parse<T>(found);
        var known = names.Select(JsonNamingPolicy.CamelCase.ConvertName).ToList();
        Add(setting, $"{of.TrimStart()}{(of.Length > 0 ? " " : "")}is '{text}'.{Suggestion.DidYouMean(text, known)} Allowed: {string.Join(", ", known)}.");
        return null;
    }

    /// <summary>The preset of that name; the default when the text is null or wrong.</summary>
    public DriftPreset Preset(string setting, string? text)
    {
        if (text is null)
            return default;
        try
        {
            return DriftPresets.Parse(text);
        }
        catch (ArgumentException)
        {
            Add(setting, $"is '{text}'.{Suggestion.DidYouMean(text, DriftPresets.Known)} Allowed: {string.Join(", ", DriftPresets.Known)}.");
            return default;
        }
    }

    /// <summary>Tests of a preset, given as name or name:threshold.</summary>
    public IReadOnlyList<DriftTest> Tests(string setting, DriftPreset preset, string column, IReadOnlyList<string> texts)
    {
        var rules = PresetRules.Of(preset);
        if (texts.Count == 0)
            Add(setting, $"of column '{column}' names no test. Known: {string.Join(", ", rules.Known)}.");
        return [.. texts.Select(text => Test(setting, rules, column, text)).OfType<DriftTest>()];
    }

    private DriftTest? Test(string setting, PresetRules rules, string column, string text)
    {
        var (name, limit) = text.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon ? (text[..colon], text[(colon + 1)..]) : (text, null);
        if (rules.Find(name) is not { } test)
        {
            Add(setting, $"of column '{column}' is '{text}'.{Suggestion.DidYouMean(name, rules.Known)} Give NAME or NAME:THRESHOLD; known: {string.Join(", ", rules.Known)}.");
            return null;
        }
        if (limit is null)
            return test;
        bool isLevel = test.Direction.IsByPValue();
        if (double.TryParse(limit, NumberStyles.Float, CultureInfo.InvariantCulture, out double threshold) && double.IsFinite(threshold) && threshold > 0 && (!isLevel || threshold < 1))
            return test.WithThreshold(threshold);
        Add(setting, $"of column '{column}' is '{text}'; '{limit}' is no threshold of {name}. Allowed: {(isLevel ? "a p-value above 0 and below 1" : "a number above 0")}.");
        return null;
    }
}
