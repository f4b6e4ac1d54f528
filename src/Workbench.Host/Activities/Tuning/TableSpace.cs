using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Data;
using Workbench.Training.Tuning;
using Workbench.Workflows;

namespace Workbench.Host.Activities.Tuning;

/// <summary>Search spaces over the inputs of TrainModel.</summary>
internal static class TableSpace
{
    /// <summary>What is searched where a user names nothing: a network's step size, regularisation, widths and batch.</summary>
    public static SearchSpace Default { get; } = new(
        SearchParameter.Float("learningRate", 1e-4, 3e-2, log: true), SearchParameter.Float("weightDecay", 1e-5, 0.1, log: true), SearchParameter.Float("dropout", 0, 0.5),
        SearchParameter.Categorical("batchSize", 64, 128, 256, 512),
        SearchParameter.Categorical("hiddenSizes", new JsonArray(32), new JsonArray(64, 32), new JsonArray(128, 64), new JsonArray(128, 64, 32), new JsonArray(256, 128)));

    // These belong to the study, or are named elsewhere.
    private static readonly string[] NotForTrials = ["modelName", "experiment"];

    /// <summary>Refuses a space with a parameter that TrainModel does not know, or a value that it does not take.</summary>
    /// <exception cref="TuningException">Says which, and the nearest.</exception>
    public static void Check(SearchSpace space, TuneTask task)
    {
        var known = ActivityOptions.Describe<TrainModelOptions>().Inputs.Select(input => input.Name).Except(NotForTrials).ToList();
        foreach (var name in space.Parameters.Select(parameter => parameter.Name).Concat(task.Inputs.Select(pair => pair.Key)))
            if (!known.Contains(name))
                throw new TuningException($"Training a table knows no parameter '{name}'.{Suggestion.DidYouMean(name, known)} Known: {string.Join(", ", known)}.");
        foreach (var corner in Corners(space))
            try
            {
                _ = TableTrials.OptionsOf(task.With(corner));
            }
            catch (WorkflowException failure)
            {
                throw new TuningException($"The search space holds values that training refuses: {failure.Message}", failure);
            }
    }

    /// <summary>The defaults of TrainModel and the given inputs as the first trial, so that a search never ends below them; none when the space leaves one out.</summary>
    public static IReadOnlyList<JsonObject> FirstTrials(SearchSpace space)
    {
        var defaults = ActivityOptions.Describe<TrainModelOptions>().Inputs.ToDictionary(input => input.Name, input => input.DefaultValue, StringComparer.OrdinalIgnoreCase);
        var first = new JsonObject(space.Parameters.Select(parameter => KeyValuePair.Create(parameter.Name, Plain(defaults.GetValueOrDefault(parameter.Name)))));
        return space.Contains(first) ? [first] : [];
    }

    // Lists of widths are texts among the inputs, and numbers where people write them.
    private static JsonNode? Plain(JsonNode? value) => value is JsonArray list
        ? new JsonArray([.. list.Select(item => item?.GetValueKind() == JsonValueKind.String && long.TryParse((string?)item, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? JsonValue.Create(number) : item?.DeepClone())])
        : value?.DeepClone();

    // Every bound and choice stands in one of them at least.
    private static IEnumerable<JsonObject> Corners(SearchSpace space)
    {
        int count = space.Parameters.Max(parameter => Math.Max(2, parameter.Choices.Count));
        return Enumerable.Range(0, count).Select(corner => new JsonObject(space.Parameters.Select(parameter => KeyValuePair.Create(parameter.Name, parameter.Kind switch
        {
            SearchParameterKind.Categorical => parameter.Choices[corner % parameter.Choices.Count]?.DeepClone(),
            SearchParameterKind.Int => JsonValue.Create((long)(corner % 2 == 0 ? parameter.Low : parameter.High)),
            _ => JsonValue.Create(corner % 2 == 0 ? parameter.Low : parameter.High),
        }))));
    }
}
