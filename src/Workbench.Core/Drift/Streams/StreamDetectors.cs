using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Data;

namespace Workbench.Drift.Streams;

/// <summary>
/// The detectors of concept drift by name, with river's defaults: <c>adwin</c> and <c>kswin</c> for any numbers,
/// <c>page-hinkley</c> for numbers that may rise, <c>ddm</c> and <c>eddm</c> for errors of 0 and 1, <c>hddm-a</c> and
/// <c>hddm-w</c> for values between 0 and 1.
/// </summary>
/// <example><code>
/// var detector = StreamDetectors.Create("adwin", ("delta", 0.01));
/// foreach (double error in errors)
///     if (detector.Update(error) == DriftState.Drift)
///         Console.WriteLine("the model is not what it was");
/// </code></example>
public static class StreamDetectors
{
    private static readonly Dictionary<string, (IReadOnlyList<StreamOption> Options, Func<StreamSettings, IStreamDetector> Create)> ByName = new(StringComparer.Ordinal)
    {
        ["adwin"] = (AdwinDetector.Known, settings => new AdwinDetector(settings)),
        ["ddm"] = (DdmDetector.Known, settings => new DdmDetector(settings)),
        ["eddm"] = (EddmDetector.Known, settings => new EddmDetector(settings)),
        ["hddm-a"] = (HddmADetector.Known, settings => new HddmADetector(settings)),
        ["hddm-w"] = (HddmWDetector.Known, settings => new HddmWDetector(settings)),
        ["kswin"] = (KswinDetector.Known, settings => new KswinDetector(settings)),
        ["page-hinkley"] = (PageHinkleyDetector.Known, settings => new PageHinkleyDetector(settings)),
    };

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Known { get; } = [.. ByName.Keys];

    /// <summary>A detector that has seen nothing.</summary>
    /// <param name="name">One of <see cref="Known"/>.</param>
    /// <param name="options">What differs from the defaults.</param>
    /// <exception cref="ArgumentException">The name or an option is unknown, or a value is out of its range; names the nearest and what is known.</exception>
    public static IStreamDetector Create(string name, params IReadOnlyList<(string Name, double Value)> options) =>
        Create(name, options.Select(option => KeyValuePair.Create(option.Name, option.Value)));

    /// <summary>A detector that has seen nothing, with options from a dictionary such as <see cref="IStreamDetector.Options"/>.</summary>
    /// <exception cref="ArgumentException">As for the other overload.</exception>
    public static IStreamDetector Create(string name, IEnumerable<KeyValuePair<string, double>> options)
    {
        var kind = Find(name);
        return kind.Create(StreamSettings.Of(name, kind.Options, options));
    }

    /// <summary>The options of a detector with their defaults.</summary>
    /// <exception cref="ArgumentException">The name is unknown.</exception>
    public static IReadOnlyDictionary<string, double> DefaultOptions(string name) => StreamSettings.Of(name, Find(name).Options, []).Values;

    /// <summary>The detector that <see cref="IStreamDetector.Save"/> wrote; it goes on as the saved one would have.</summary>
    /// <exception cref="DataException">The text is no saved detector.</exception>
    public static IStreamDetector Load(string json)
    {
        try
        {
            return Load(JsonNode.Parse(json));
        }
        catch (Exception failure) when (failure is JsonException or ArgumentException or InvalidOperationException or FormatException)
        {
            throw new DataException($"This is no saved stream detector: {failure.Message} Start a new one with StreamDetectors.Create.", failure);
        }
    }

    private static IStreamDetector Load(JsonNode? saved)
    {
        if (saved?["detector"] is not { } name || saved["options"] is not { } options || saved["state"] is not { } state || saved["memory"] is not { } memory)
            throw new JsonException("'detector', 'options', 'state' and 'memory' are needed.");
        var detector = Create(name.GetValue<string>(), options.Deserialize<Dictionary<string, double>>() ?? []);
        ((IRestorable)detector).Restore(state.Deserialize<DriftState>(), memory);
        return detector;
    }

    private static (IReadOnlyList<StreamOption> Options, Func<StreamSettings, IStreamDetector> Create) Find(string name) =>
        ByName.TryGetValue(name, out var kind) ? kind : throw new ArgumentException(
            $"Unknown stream detector '{name}'.{Suggestion.DidYouMean(name, Known)} Known: {string.Join(", ", Known)}.", nameof(name));
}
