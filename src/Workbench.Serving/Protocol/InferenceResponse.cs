using System.Globalization;
using Workbench.Features;
using Workbench.Serving.Sessions;

namespace Workbench.Serving.Protocol;

/// <summary>One output tensor; data are an array of float, long or string, row-major.</summary>
internal sealed record InferenceOutput(string Name, string Datatype, IReadOnlyList<long> Shape, object Data);

/// <summary>The protocol's "Inference Response JSON Object"; members are written in snake case.</summary>
internal sealed record InferenceResponse(
    string ModelName, string ModelVersion, string Id, IReadOnlyDictionary<string, string>? Parameters, IReadOnlyList<InferenceOutput> Outputs)
{
    private const int MostUnseenNamed = 10;

    /// <summary>Builds the answer to a request.</summary>
    /// <param name="prediction">What was predicted.</param>
    /// <param name="unseen">Categories that training never saw; reported in the parameter <c>unseen</c> as <c>column=category</c>.</param>
    /// <param name="asked">Names of the outputs asked for; empty means all.</param>
    /// <exception cref="RefusedRequestException">An output is not known.</exception>
    public static InferenceResponse From(ServedPrediction prediction, IReadOnlyList<(string Column, string Category)> unseen, IReadOnlyList<string> asked)
    {
        var outputs = All(prediction.Answer, prediction.Rows.Rows);
        var parameters = unseen.Count == 0 ? null : new Dictionary<string, string> { ["unseen"] = Text(unseen) };
        return new(prediction.Model, prediction.Version.ToString(CultureInfo.InvariantCulture), prediction.Id, parameters,
            asked.Count == 0 ? outputs : asked.Select(name => Find(outputs, name)).ToList());
    }

    private static InferenceOutput[] All(ModelAnswer answer, long rows) => answer.Task switch
    {
        PredictionTask.Binary =>
        [
            new(OnnxModel.ProbabilityOutput, "FP32", [rows, 1], answer.Numbers),
            new(OnnxModel.LabelOutput, "INT64", [rows, 1], answer.Labels.Select(label => label == "1" ? 1L : 0L).ToArray()),
        ],
        PredictionTask.Multiclass =>
        [
            new(OnnxModel.ProbabilitiesOutput, "FP32", [rows, answer.Numbers.Length / rows], answer.Numbers),
            new(OnnxModel.LabelOutput, "BYTES", [rows, 1], answer.Labels),
        ],
        _ => [new(OnnxModel.ValueOutput, "FP32", [rows, 1], answer.Numbers)],
    };

    private static InferenceOutput Find(InferenceOutput[] outputs, string name) =>
        Array.Find(outputs, output => output.Name == name)
        ?? throw new RefusedRequestException($"Unknown output '{name}'. Known: {string.Join(", ", outputs.Select(output => output.Name))}.");

    private static string Text(IReadOnlyList<(string Column, string Category)> unseen)
    {
        string named = string.Join(", ", unseen.Take(MostUnseenNamed).Select(cell => $"{cell.Column}={cell.Category}"));
        return unseen.Count <= MostUnseenNamed ? named : $"{named} and {unseen.Count - MostUnseenNamed} more";
    }
}
