using System.Globalization;
using System.Text.Json;
using Workbench.Data;
using Workbench.Drift.Chunks;
using Workbench.Drift.Presets;

namespace Workbench.Drift;

/// <summary>Reads the words of <see cref="DriftSettings"/> and collects what is wrong with them.</summary>
internal sealed class SettingReader
{
    private const long LeastMemory = 128L << 20;
    private static readonly (string Unit, double Bytes)[] MemoryUnits = [("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12)];
    private static readonly string[] ThresholdKinds = ["test", "std", "quantile", "constant"];

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

    /// <summary>Bytes of a text such as 2GB or 512MiB; null when the text is null or wrong.</summary>
    public long? Memory(string setting, string? text)
    {
        if (text is null)
            return null;
        var (unit, factor) = MemoryUnits.FirstOrDefault(one => text.EndsWith(one.Unit, StringComparison.OrdinalIgnoreCase));
        if (unit is not null && double.TryParse(text[..^unit.Length], NumberStyles.AllowDecimalPoint | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out double number)
            && number * factor is >= LeastMemory and < 1e18)
            return (long)(number * factor);
        Add(setting, $"is '{text}'. Allowed: a number with MB, GB, MiB or GiB such as 2GB, at least 128MiB.");
        return null;
    }

    /// <summary>How rows are split; null when the text is null or wrong.</summary>
    public Chunking? Chunks(string setting, string? text)
    {
        if (text is null)
            return null;
        try
        {
            return Chunking.Parse(text);
        }
        catch (FormatException failure)
        {
            Add(setting, failure.Message);
            return null;
        }
    }

    /// <summary>Limits of a chunk's statistic, as KIND, KIND:UPPER or KIND:LOWER,UPPER; null when the text is null or wrong.</summary>
    public DriftThreshold? Threshold(string setting, string? text)
    {
        if (text is null)
            return null;
        var (kind, values) = text.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon ? (text[..colon], text[(colon + 1)..].Split(',')) : (text, []);
        var numbers = values.Select(value => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number : (double?)null).ToList();
        try
        {
            if (numbers.Count <= 2 && !numbers.Contains(null) && Threshold(kind, numbers.Count == 2 ? numbers[0] : null, numbers.Count == 0 ? null : numbers[^1]) is { } threshold)
                return threshold;
        }
        catch (ArgumentException failure)
        {
            Add(setting, $"is '{text}': {failure.Message}");
            return null;
        }
        Add(setting, $"is '{text}'.{Suggestion.DidYouMean(kind, ThresholdKinds)} Allowed: test, std:3, std:1,3 (down, up), quantile:0.99, quantile:0.01,0.99, constant:0.2, constant:0.1,0.3.");
        return null;
    }

    private static DriftThreshold? Threshold(string kind, double? lower, double? upper) => (kind, upper) switch
    {
        ("test", null) => DriftThreshold.FromTest,
        ("std", _) => DriftThreshold.StandardDeviation(upper ?? 3, lower),
        ("quantile", _) => DriftThreshold.Quantile(lower, upper ?? 0.99),
        ("constant", { } limit) => DriftThreshold.Constant(lower, limit),
        _ => null,
    };

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
