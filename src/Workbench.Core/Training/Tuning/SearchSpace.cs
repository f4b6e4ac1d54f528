using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workbench.Training.Tuning;

/// <summary>The parameters that a search may set, with the values that each may take.</summary>
/// <example><code>
/// var space = new SearchSpace(
///     SearchParameter.Float("learningRate", 1e-4, 1e-1, log: true),
///     SearchParameter.Int("batchSize", 32, 512, log: true),
///     SearchParameter.Categorical("activation", "relu", "gelu"));
/// </code></example>
public sealed class SearchSpace
{
    /// <summary>A space of these parameters, in this order.</summary>
    /// <exception cref="TuningException">Lists every error of every parameter.</exception>
    public SearchSpace(params IReadOnlyList<SearchParameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ThrowIfAny([.. parameters.SelectMany(parameter => parameter.Validate()), .. OfNames(parameters)]);
        Parameters = [.. parameters];
        Axes = [.. parameters.Select(parameter => new SearchAxis(parameter))];
    }

    /// <summary>The parameters, at least one.</summary>
    public IReadOnlyList<SearchParameter> Parameters { get; }

    internal IReadOnlyList<SearchAxis> Axes { get; }

    /// <summary>
    /// Reads a space from an object of names. A value is <c>{type: float|int, low, high, log, step}</c>, a list of choices (or
    /// <c>{choices: [...]}</c>), or one value, which fixes the parameter.
    /// </summary>
    /// <exception cref="TuningException">Lists every error.</exception>
    public static SearchSpace Read(IEnumerable<KeyValuePair<string, JsonNode?>> form)
    {
        ArgumentNullException.ThrowIfNull(form);
        var errors = new List<string>();
        var parameters = form.Select(pair => SearchParameter.Read(pair.Key, pair.Value, errors)).ToList();
        ThrowIfAny(errors);
        return new([.. parameters.OfType<SearchParameter>()]);
    }

    /// <summary>Reads a space from JSON text; see <see cref="Read"/>.</summary>
    /// <exception cref="TuningException">The text is no JSON object, or lists every error.</exception>
    public static SearchSpace Parse(string json)
    {
        try
        {
            return Read(JsonNode.Parse(json) as JsonObject ?? throw new TuningException($"The search space is {json}; it takes an object of names, such as {{\"learningRate\": {{\"type\": \"float\", \"low\": 0.001, \"high\": 0.1}}}}."));
        }
        catch (Exception failure) when (failure is JsonException or ArgumentException)
        {
            throw new TuningException($"The search space is no JSON: {failure.Message}", failure);
        }
    }

    /// <summary>The space in the form that <see cref="Read"/> reads.</summary>
    public JsonObject ToJson() => new(Parameters.Select(parameter => KeyValuePair.Create(parameter.Name, (JsonNode?)parameter.ToJson())));

    /// <summary>One value of each parameter: the middle of its range, the first of its choices.</summary>
    public JsonObject Middle() => ParametersAt([.. Axes.Select(axis => axis.IsCategorical ? 0 : (axis.Low + axis.High) / 2)]);

    /// <summary>Whether the parameters are those of the space, each with a value that is allowed.</summary>
    public bool Contains(JsonObject parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return parameters.Count == Parameters.Count && CoordinatesOf(parameters) is not null;
    }

    /// <summary>The coordinates of a trial's parameters; null when a parameter is missing or lies outside the space.</summary>
    internal double[]? CoordinatesOf(JsonObject parameters)
    {
        var coordinates = new double[Axes.Count];
        for (int i = 0; i < coordinates.Length; i++)
        {
            if (!parameters.TryGetPropertyValue(Axes[i].Name, out var value) || Axes[i].CoordinateOf(value) is not { } coordinate)
                return null;
            coordinates[i] = coordinate;
        }
        return coordinates;
    }

    /// <summary>The parameters at coordinates.</summary>
    internal JsonObject ParametersAt(IReadOnlyList<double> coordinates) =>
        new(Axes.Select((axis, i) => KeyValuePair.Create(axis.Name, axis.ValueAt(coordinates[i]))));

    private static IEnumerable<string> OfNames(IReadOnlyList<SearchParameter> parameters)
    {
        if (parameters.Count == 0)
            yield return "The search space has no parameter. Name at least one.";
        foreach (var name in parameters.GroupBy(parameter => parameter.Name).Where(group => group.Count() > 1).Select(group => group.Key))
            yield return $"Parameter '{name}' comes twice. Name each once.";
    }

    private static void ThrowIfAny(IReadOnlyList<string> errors)
    {
        if (errors.Count > 0)
            throw new TuningException($"The search space is wrong. {string.Join(" ", errors)}");
    }
}
