using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Workbench.Training.Tuning;

namespace Workbench.Host.Activities.Tuning;

/// <summary>What the trials of a study do, as the study keeps it for workers that know its name only.</summary>
internal sealed record TuneTask
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() }, RespectNullableAnnotations = true };

    public required TuneKind Kind { get; init; }
    /// <summary>The table or notebook, relative to the project.</summary>
    public required string Source { get; init; }
    /// <summary>Name of the value that is searched for.</summary>
    public required string Metric { get; init; }
    /// <summary>Experiment of the trials' runs.</summary>
    public required string Experiment { get; init; }
    /// <summary>What is the same in every trial: inputs of TrainModel, or parameters of the notebook.</summary>
    public required JsonObject Inputs { get; init; }

    public JsonObject ToJson() => JsonSerializer.SerializeToNode(this, Json)!.AsObject(); // an object

    /// <exception cref="TuningException">The study was not begun by this program's commands or activities.</exception>
    public static TuneTask Of(Study study)
    {
        try
        {
            return study.Options.Task.Deserialize<TuneTask>(Json) ?? throw new JsonException("it holds none");
        }
        catch (JsonException failure)
        {
            throw new TuningException($"The study '{study.Options.Name}' does not say what its trials do ({failure.Message}): code of its own began it, and only that can go on with it.", failure);
        }
    }

    /// <summary>The inputs of one trial: what is the same in all, and the trial's own, which win.</summary>
    public JsonObject With(JsonObject parameters)
    {
        var all = Inputs.DeepClone().AsObject();
        foreach (var (name, value) in parameters)
            all[name] = value?.DeepClone();
        return all;
    }
}
