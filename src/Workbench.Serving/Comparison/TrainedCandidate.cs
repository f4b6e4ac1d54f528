using Workbench.Evaluation;
using Workbench.Features;
using Workbench.Serving.Export;
using Workbench.Training;

namespace Workbench.Serving.Comparison;

/// <summary>A model that a <see cref="Candidate"/> trained. Disposing frees it.</summary>
public sealed class TrainedCandidate : IDisposable
{
    private readonly IDisposable? _model;

    /// <param name="parameters">Number of trained weights, or of thresholds and leaves: what the simplest model has the fewest of.</param>
    /// <param name="judge">What the model says of labelled rows.</param>
    /// <param name="export">Writes the model with its preprocessing as an ONNX file.</param>
    /// <param name="model">What is disposed with it.</param>
    public TrainedCandidate(long parameters, Func<TabularData, Predictions> judge, Action<string> export, IDisposable? model = null) =>
        (Parameters, Judge, Export, _model) = (parameters, judge, export, model);

    /// <summary>Number of trained weights.</summary>
    public long Parameters { get; }
    /// <summary>What the model says of labelled rows.</summary>
    public Func<TabularData, Predictions> Judge { get; }
    /// <summary>Writes the model with its preprocessing as an ONNX file.</summary>
    public Action<string> Export { get; }

    /// <summary>A trained tabular model, which is disposed with the candidate.</summary>
    public static TrainedCandidate Of(TrainedTabularModel model) =>
        new(model.ParameterCount, rows => ModelPredictions.Of(model, rows), path => OnnxExporter.Export(model, path), model);

    /// <inheritdoc/>
    public void Dispose() => _model?.Dispose();
}
