using System.Globalization;
using System.Text.Json.Nodes;
using Workbench.Data;

namespace Workbench.Training.Tuning;

/// <summary>One parameter of a model or a notebook, and the values that a search may give it.</summary>
public sealed record SearchParameter
{
    // Whole numbers up to here are exact as doubles.
    private const double LargestWhole = 9_007_199_254_740_992;
    private static readonly string[] Keys = ["type", "low", "high", "log", "step", "choices"];

    /// <summary>Name, unique in its space.</summary>
    public required string Name { get; init; }
    /// <summary>What kind of values it takes.</summary>
    public required SearchParameterKind Kind { get; init; }
    /// <summary>Smallest value of a number.</summary>
    public double Low { get; init; }
    /// <summary>Largest value of a number.</summary>
    public double High { get; init; }
    /// <summary>Whether the search is uniform in the logarithm: as many trials between 1e-4 and 1e-3 as between 1e-3 and 1e-2.</summary>
    public bool Log { get; init; }
    /// <summary>Distance of the values from <see cref="Low"/> on; null for any value of a float, and for 1 of a whole number.</summary>
    public double? Step { get; init; }
    /// <summary>The choices of a categorical parameter, any JSON.</summary>
    public IReadOnlyList<JsonNode?> Choices { get; init; } = [];

    /// <summary>A number between two bounds.</summary>
    public static SearchParameter Float(string name, double low, double high, bool log = false, double? step = null) =>
        new() { Name = name, Kind = SearchParameterKind.Float, Low = low, High = high, Log = log, Step = step };

    /// <summary>A whole number between two bounds.</summary>
    public static SearchParameter Int(string name, long low, long high, bool log = false, long? step = null) =>
        new() { Name = name, Kind = SearchParameterKind.Int, Low = low, High = high, Log = log, Step = step };

    /// <summary>One of a list; with one choice the parameter is fixed.</summary>
    public static SearchParameter Categorical(string name, params IReadOnlyList<JsonNode?> choices) =>
        new() { Name = name, Kind = SearchParameterKind.Categorical, Choices = choices };

    /// <summary>What it may be, in words: <c>0.0001 to 0.1, logarithmic</c>.</summary>
    public override string ToString() => Kind == SearchParameterKind.Categorical
        ? string.Join(" | ", Choices.Select(choice => choice?.ToJsonString().Trim('"') ?? "null"))
        : $"{(Kind == SearchParameterKind.Int ? "whole " : "")}{Text(Low)} to {Text(High)}{(Log ? ", logarithmic" : "")}{(Step is { } step ? $", in steps of {Text(step)}" : "")}";

    /// <summary>
    /// Reads what a user writes: <c>{"type": "float", "low": 1e-4, "high": 0.1, "log": true}</c>, <c>{"type": "int", "low": 1, "high": 9,
    /// "step": 2}</c>, a list of choices, or one fixed value. Adds what is wrong to <paramref name="errors"/> and returns null then.
    /// </summary>
    internal static SearchParameter? Read(string name, JsonNode? node, List<string> errors)
    {
        int before = errors.Count;
        var parameter = node switch
        {
            JsonArray list => Categorical(name, [.. list.Select(choice => choice?.DeepClone())]),
            JsonObject form => Read(name, form, errors),
            _ => Categorical(name, node?.DeepClone()),
        };
        if (errors.Count == before)
            errors.AddRange(parameter.Validate());
        return errors.Count == before ? parameter : null;
    }

    /// <summary>The form that <see cref="Read(string, JsonNode?, List{string})"/> reads.</summary>
    internal JsonNode ToJson()
    {
        if (Kind == SearchParameterKind.Categorical)
            return new JsonObject { ["choices"] = new JsonArray([.. Choices.Select(choice => choice?.DeepClone())]) };
        var form = new JsonObject { ["type"] = Kind.ToString().ToLowerInvariant(), ["low"] = Low, ["high"] = High };
        if (Log)
            form["log"] = true;
        if (Step is { } step)
            form["step"] = step;
        return form;
    }

    /// <summary>Everything that is wrong with it; empty when all is well.</summary>
    internal IEnumerable<string> Validate() =>
        Rules().Where(rule => !rule.Holds).Select(rule => $"Parameter '{Name}': {rule.Problem}");

    private IEnumerable<(bool Holds, string Problem)> Rules()
    {
        yield return (!string.IsNullOrWhiteSpace(Name), "it has no name. Give it one.");
        if (Kind == SearchParameterKind.Categorical)
        {
            yield return (Choices.Count > 0, "it has no choices. Give at least one.");
            var texts = Choices.Select(choice => choice?.ToJsonString() ?? "null").ToList();
            yield return (texts.Distinct().Count() == texts.Count, $"the choices [{string.Join(", ", texts)}] have one twice. Name each once.");
            yield break;
        }
        yield return (double.IsFinite(Low) && double.IsFinite(High) && Low < High, $"low is {Text(Low)} and high {Text(High)}; low must be below high, and both finite. Write a single value for a fixed parameter.");
        yield return (!Log || Low > 0, $"log is true and low is {Text(Low)}; a logarithm needs a low above 0.");
        yield return (!Log || Step is null, $"log and step {Text(Step ?? 0)} exclude each other. Leave one out, or list the choices.");
        yield return (Step is null || (Step > 0 && Step <= High - Low), $"step is {Text(Step ?? 0)}; it must be above 0 and at most {Text(High - Low)}, which is high - low.");
        if (Kind == SearchParameterKind.Int)
            yield return (new[] { Low, High, Step ?? 1 }.All(IsWhole), $"low {Text(Low)}, high {Text(High)} and step {Text(Step ?? 1)} of an int must be whole numbers up to 2^53.");
    }

    private static SearchParameter Read(string name, JsonObject form, List<string> errors)
    {
        foreach (var key in form.Select(pair => pair.Key).Where(key => !Keys.Contains(key)))
            errors.Add($"Parameter '{name}': '{key}' is unknown.{Suggestion.DidYouMean(key, Keys)} Known: {string.Join(", ", Keys)}.");
        if (form.ContainsKey("choices"))
            return ReadChoices(name, form, errors);
        var type = form["type"]?.ToString();
        if (type is not ("float" or "int"))
            errors.Add($"Parameter '{name}': type is {(type is null ? "missing" : $"'{type}'")}; write type: float or type: int with low and high, or a list of choices.");
        return new()
        {
            Name = name, Kind = type == "int" ? SearchParameterKind.Int : SearchParameterKind.Float,
            Low = Number(name, form, "low", isRequired: true, errors) ?? 0, High = Number(name, form, "high", isRequired: true, errors) ?? 1,
            Log = Truth(name, form, errors), Step = Number(name, form, "step", isRequired: false, errors),
        };
    }

    private static SearchParameter ReadChoices(string name, JsonObject form, List<string> errors)
    {
        if (form["choices"] is not JsonArray list)
            errors.Add($"Parameter '{name}': choices is {form["choices"]?.ToJsonString() ?? "null"}; it takes a list, such as [relu, gelu].");
        if (form.Select(pair => pair.Key).FirstOrDefault(key => key is not ("choices" or "type") && Keys.Contains(key)) is { } other)
            errors.Add($"Parameter '{name}': choices and {other} exclude each other.");
        if (form["type"]?.ToString() is { } type and not "categorical")
            errors.Add($"Parameter '{name}': type is '{type}' and it has choices; leave type out, or write type: categorical.");
        return Categorical(name, [.. (form["choices"] as JsonArray ?? []).Select(choice => choice?.DeepClone())]);
    }

    private static double? Number(string name, JsonObject form, string key, bool isRequired, List<string> errors)
    {
        if (form[key] is null)
        {
            if (isRequired)
                errors.Add($"Parameter '{name}': {key} is missing; write a number.");
            return null;
        }
        if (JsonNumbers.Read(form[key]) is { } number)
            return number;
        errors.Add($"Parameter '{name}': {key} is {form[key]!.ToJsonString()}; it takes a number.");
        return null;
    }

    private static bool Truth(string name, JsonObject form, List<string> errors)
    {
        if (form["log"] is { } log && !(log is JsonValue flag && flag.TryGetValue(out bool _)))
            errors.Add($"Parameter '{name}': log is {log.ToJsonString()}; it takes true or false.");
        return form["log"] is JsonValue value && value.TryGetValue(out bool truth) && truth;
    }

    private static bool IsWhole(double value) => double.IsInteger(value) && Math.Abs(value) <= LargestWhole;

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
