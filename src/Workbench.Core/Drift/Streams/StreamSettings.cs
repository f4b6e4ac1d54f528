using Workbench.Data;

namespace Workbench.Drift.Streams;

/// <summary>The options of one detector, complete and checked.</summary>
internal sealed class StreamSettings
{
    private StreamSettings(string detector, IReadOnlyDictionary<string, double> values) => (Detector, Values) = (detector, values);

    public string Detector { get; }
    public IReadOnlyDictionary<string, double> Values { get; }
    public double this[string option] => Values[option];

    public int Count(string option) => (int)Values[option];

    public bool Flag(string option) => Values[option] == 1;

    /// <summary>What was given over the defaults.</summary>
    /// <exception cref="ArgumentException">An option is unknown or out of its range.</exception>
    public static StreamSettings Of(string detector, IReadOnlyList<StreamOption> options, IEnumerable<KeyValuePair<string, double>> given)
    {
        var values = options.ToDictionary(option => option.Name, option => option.Default, StringComparer.Ordinal);
        foreach (var (name, value) in given)
        {
            var option = options.FirstOrDefault(one => one.Name == name) ?? throw new ArgumentException(
                $"The detector '{detector}' has no option '{name}'.{Suggestion.DidYouMean(name, values.Keys)} Known: {string.Join(", ", values.Keys)}.", nameof(given));
            option.Check(detector, value);
            values[name] = value;
        }
        return new(detector, values);
    }

    /// <exception cref="ArgumentException">The first is greater than the second.</exception>
    public void RequireOrder(string smaller, string larger, double factor = 1)
    {
        if (factor * this[smaller] > this[larger])
            throw new ArgumentException(FormattableString.Invariant(
                $"'{larger}' of '{Detector}' is {this[larger]} and '{smaller}' is {this[smaller]}; '{larger}' must be at least {(factor == 1 ? "" : $"{factor} times ")}'{smaller}'."));
    }
}
