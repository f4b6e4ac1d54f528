using Workbench.Evaluation;
using Workbench.Features;
using Workbench.Serving.Sessions;
using Workbench.Training;

namespace Workbench.Serving.Comparison;

/// <summary>What models say of labelled rows, as metrics and the gate take it, whatever the task.</summary>
public static class ModelPredictions
{
    /// <summary>What an exported model says.</summary>
    /// <exception cref="Data.DataException">The rows have other columns, another task, or a class that the model does not know.</exception>
    public static Predictions Of(OnnxModel model, TabularData rows) =>
        Of(model.Task, model.Answer(rows).Numbers, rows.WithLabelsOf(model.Schema).Labels, model.Classes.Count);

    /// <summary>What a trained model says.</summary>
    /// <exception cref="Data.DataException">The rows have other columns, another task, or a class that the model does not know.</exception>
    public static Predictions Of(TrainedTabularModel model, TabularData rows) => Of(
        model.Task, model.Task == PredictionTask.Multiclass ? model.PredictProbabilities(rows) : model.Predict(rows), rows.WithLabelsOf(model.Schema).Labels, model.Classes.Count);

    private static Predictions Of(PredictionTask task, float[] numbers, float[] labels, int classes) => task switch
    {
        PredictionTask.Binary => Predictions.Binary(numbers, labels),
        PredictionTask.Multiclass => Predictions.Multiclass(numbers, labels, classes),
        _ => Predictions.Regression(numbers, labels),
    };
}
