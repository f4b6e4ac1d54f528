using System.Globalization;
using System.Text.RegularExpressions;
using Workbench.Data;
using Workbench.Drift.Quality;
using YamlDotNet.RepresentationModel;

namespace Workbench.Drift.Expectations;

/// <summary>What a file says about one rule, in its short form or by name. A wrong value is noted and read as none.</summary>
internal sealed partial class RuleArguments
{
    private static readonly string[] Times = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd HH:mmK"];

    private readonly Dictionary<string, YamlNode> _given = new(StringComparer.Ordinal);
    private readonly ExpectationProblems _problems;
    private readonly string _place;

    /// <param name="rule">Its name, and the names of what it takes; the first is the short form's.</param>
    /// <param name="place">How a message names it, such as <c>'range' of column 'age'</c>.</param>
    /// <param name="node">What stands behind it.</param>
    /// <param name="problems">Where what is wrong goes.</param>
    public RuleArguments(ExpectationRule rule, string place, YamlNode node, ExpectationProblems problems)
    {
        (_place, _problems, Line) = (place, problems, node.Start.Line);
        switch (node)
        {
            case YamlMappingNode map:
                foreach (var (key, value) in map.Children)
                    Take(rule, key, value);
                break;
            case YamlSequenceNode list when rule.TakesList:
                _given[rule.Arguments[0]] = list;
                break;
            case YamlSequenceNode { Children: [var first, var second] } when rule.Arguments is [var low, var high, ..]:
                (_given[low], _given[high]) = (first, second);
                break;
            case YamlScalarNode scalar when rule.IsFlag:
                IsOff = Flag(scalar) is false;
                break;
            case YamlScalarNode scalar when !rule.TakesList && !rule.TakesTwo:
                _given[rule.Arguments[0]] = scalar;
                break;
            default:
                Problem(node, $"{_place} takes {rule.Takes}.");
                break;
        }
        if (_given.Remove("is_on", out var on))
            IsOff = Flag(on) is false;
    }

    /// <summary>One-based line of the file.</summary>
    public long Line { get; }
    /// <summary>Whether the rule is written and switched off, as <c>unique: false</c>.</summary>
    public bool IsOff { get; }

    public QualitySeverity Severity => !_given.TryGetValue("severity", out var node) ? QualitySeverity.Error : Word(node, "severity", "error", "warn") == "warn" ? QualitySeverity.Warning : QualitySeverity.Error;

    public double Mostly => Number("mostly", least: double.Epsilon, most: 1) ?? 1;

    public string? Text(string name) => _given.TryGetValue(name, out var node) ? Text(node, name) : Lacks(name);

    /// <summary>One of the words.</summary>
    public string? Word(string name, params IReadOnlyList<string> words) => _given.TryGetValue(name, out var node) ? Word(node, name, words) : Lacks(name);

    public bool? Flag(string name) => _given.TryGetValue(name, out var node) ? Flag(node) : null;

    public double? Number(string name, double least = double.NegativeInfinity, double most = double.PositiveInfinity)
    {
        if (!_given.TryGetValue(name, out var node) || IsNone(node))
            return null;
        if (double.TryParse((node as YamlScalarNode)?.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number >= least && number <= most)
            return number;
        string between = double.IsInfinity(least) ? "" : $" from {(least == double.Epsilon ? "above 0" : least.ToString(CultureInfo.InvariantCulture))}{(double.IsInfinity(most) ? " on" : $" to {most.ToString(CultureInfo.InvariantCulture)}")}";
        Problem(node, $"'{name}' of {_place} is '{node}'; it takes a number{between}.");
        return null;
    }

    /// <summary>A whole number, 0 or more.</summary>
    public long? Count(string name)
    {
        if (!_given.TryGetValue(name, out var node) || IsNone(node))
            return null;
        if (long.TryParse((node as YamlScalarNode)?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out long count))
            return count;
        Problem(node, $"'{name}' of {_place} is '{node}'; it takes a whole number, 0 or more.");
        return null;
    }

    /// <summary>A number, or a time in microseconds since 1970.</summary>
    public (double Value, bool IsTime)? Bound(string name)
    {
        if (!_given.TryGetValue(name, out var node) || IsNone(node))
            return null;
        string? text = (node as YamlScalarNode)?.Value;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number))
            return (number, false);
        if (DateTime.TryParseExact(text, Times, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
            return ((time - DateTime.UnixEpoch).Ticks / 10, true);
        Problem(node, $"'{name}' of {_place} is '{node}'; it takes a number, or a time such as 2025-01-31 or 2025-01-31T08:00:00.");
        return null;
    }

    public TimeSpan? Age(string name)
    {
        if (Text(name) is not { } text)
            return null;
        if (Duration().Match(text) is { Success: true } match && double.TryParse(match.Groups[1].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number is > 0 and < 1e6)
            return match.Groups[2].Value switch { "d" => TimeSpan.FromDays(number), "h" => TimeSpan.FromHours(number), "m" => TimeSpan.FromMinutes(number), _ => TimeSpan.FromSeconds(number) };
        Problem(_given[name], $"'{name}' of {_place} is '{text}'; it takes a number with d, h, m or s, such as 2d.");
        return null;
    }

    public IReadOnlyList<string>? List(string name)
    {
        if (!_given.TryGetValue(name, out var node))
            return Lacks(name) is null ? null : [];
        if (node is YamlSequenceNode { Children.Count: > 0 } list)
            return [.. list.Children.Select(item => Text(item, name)).OfType<string>()];
        Problem(node, $"'{name}' of {_place} takes a list such as [a, b].");
        return null;
    }

    /// <summary>Notes that the rule as a whole makes no sense.</summary>
    public void Refuse(string message) => _problems.Add(Line, $"{_place} {message}");

    private void Take(ExpectationRule rule, YamlNode key, YamlNode value)
    {
        string name = key is YamlScalarNode { Value: { } text } ? text : key.ToString();
        string[] known = [.. rule.Arguments, .. rule.IsFlag ? new[] { "is_on" } : [], "severity", .. rule.TakesMostly ? new[] { "mostly" } : []];
        if (known.Contains(name))
            _given[name] = value;
        else
            Problem(key, $"{_place} has no '{name}'.{Suggestion.DidYouMean(name, known)} It takes {string.Join(", ", known)}.");
    }

    private string? Lacks(string name)
    {
        _problems.Add(Line, $"{_place} needs '{name}'.");
        return null;
    }

    private string? Text(YamlNode node, string name)
    {
        if (node is YamlScalarNode { Value: { } text } && !IsNone(node))
            return text;
        Problem(node, $"'{name}' of {_place} is '{node}'; it takes a text. Missing values have the rule 'missing'; put null in quotes where it is a text.");
        return null;
    }

    private string? Word(YamlNode node, string name, params IReadOnlyList<string> words)
    {
        string given = node is YamlScalarNode { Value: { } text } ? text : node.ToString();
        if (words.Contains(given))
            return given;
        Problem(node, $"'{name}' of {_place} is '{given}'.{Suggestion.DidYouMean(given, words)} It takes {string.Join(", ", words)}.");
        return null;
    }

    private bool? Flag(YamlNode node) => (node as YamlScalarNode)?.Value?.ToLowerInvariant() switch
    {
        "true" or "yes" or "on" => true,
        "false" or "no" or "off" => false,
        _ => NoFlag(node),
    };

    private bool? NoFlag(YamlNode node)
    {
        Problem(node, $"{_place} is '{node}'; it takes true or false.");
        return null;
    }

    private static bool IsNone(YamlNode node) => node is YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain, Value: null or "" or "~" or "null" or "Null" or "NULL" };

    private void Problem(YamlNode node, string message) => _problems.Add(node.Start.Line, message);

    [GeneratedRegex(@"^([0-9]+\.?[0-9]*)\s*([dhms])$")]
    private static partial Regex Duration();
}
