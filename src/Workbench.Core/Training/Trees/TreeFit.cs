using Workbench.Features;
using Workbench.Training.Tabular;

namespace Workbench.Training.Trees;

/// <summary>Grows an ensemble, measures it round by round, and cuts it after the round of the lowest validation loss.</summary>
internal static class TreeFit
{
    /// <summary>The cut ensemble, the losses of all rounds, and the best round.</summary>
    public static (TreeEnsemble Ensemble, IReadOnlyList<EpochResult> History, int BestRound) Run(
        TabularData training, TabularData validation, TabularPreprocessor preprocessor, TabularTrainingOptions options,
        IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        var task = training.Schema.TaskOrBinary;
        int outputs = task == PredictionTask.Multiclass ? training.Schema.Classes.Count : 1;
        var weights = ClassWeighting.For(training, options);
        var (inputs, labels) = (TreeInputs.From(training, preprocessor), Labels(training, preprocessor));
        var grown = TreeTrainer.Grow(inputs, labels, task, outputs, weights, options, cancellationToken);
        var fitted = new TreeRounds(inputs, labels, task, weights);
        var judged = new TreeRounds(TreeInputs.From(validation, preprocessor), Labels(validation, preprocessor), task, weights);
        var history = Measure(grown, outputs, fitted, judged, cancellationToken);
        if (history.Count == 0)
            throw new TrainingException($"No tree could be grown on {training.Rows:N0} rows. Lower Trees.MinimumLeafRows, which is {options.Trees.MinimumLeafRows}, or widen the training window.");
        int best = history.MinBy(round => round.ValidationLoss)!.Epoch;   // there is a round
        progress?.Report(new() { Latest = history[^1], MaxEpochs = options.Trees.Rounds, BestEpoch = best });
        return (grown with { Trees = [.. Rounds(grown, outputs).Take(best).SelectMany(round => round)] }, history, best);
    }

    private static List<EpochResult> Measure(TreeEnsemble grown, int outputs, TreeRounds fitted, TreeRounds judged, CancellationToken cancellationToken)
    {
        fitted.Begin(grown);
        judged.Begin(grown);
        var history = new List<EpochResult>();
        foreach (var round in Rounds(grown, outputs))
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var tree in round)
            {
                fitted.Add(tree, outputs);
                judged.Add(tree, outputs);
            }
            var (loss, accuracy) = judged.Measure(outputs);
            history.Add(new() { Epoch = history.Count + 1, TrainingLoss = fitted.Measure(outputs).Loss, ValidationLoss = loss, ValidationAccuracy = accuracy });
        }
        return history;
    }

    // The trainer puts a round's trees, at most one an output, one after the other in the order of their outputs.
    private static IEnumerable<IReadOnlyList<DecisionTree>> Rounds(TreeEnsemble grown, int outputs)
    {
        var round = new List<DecisionTree>(outputs);
        foreach (var tree in grown.Trees)
        {
            if (round.Count > 0 && tree.Output <= round[^1].Output)
            {
                yield return round;
                round = new(outputs);
            }
            round.Add(tree);
        }
        if (round.Count > 0)
            yield return round;
    }

    private static float[] Labels(TabularData data, TabularPreprocessor preprocessor) => data.Schema.TaskOrBinary == PredictionTask.Regression
        ? Array.ConvertAll(data.Labels, label => (label - preprocessor.LabelMean) / preprocessor.LabelDeviation)
        : data.Labels;
}
