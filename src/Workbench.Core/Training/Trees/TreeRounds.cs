using Workbench.Features;

namespace Workbench.Training.Trees;

/// <summary>Scores of rows as an ensemble grows, round by round, and what they cost.</summary>
/// <param name="inputs">Row-major [N × F].</param>
/// <param name="labels">[N]: classes, or standardised values of a regression.</param>
/// <param name="task">The task.</param>
/// <param name="classWeights">[C], or null.</param>
internal sealed class TreeRounds(float[] inputs, float[] labels, PredictionTask task, IReadOnlyList<float>? classWeights)
{
    private double[] _scores = [];

    /// <summary>Starts with the ensemble's bases.</summary>
    public void Begin(TreeEnsemble ensemble) =>
        _scores = [.. Enumerable.Range(0, labels.Length).SelectMany(_ => ensemble.Bases.Select(value => (double)value))];

    /// <summary>Adds a tree.</summary>
    public void Add(DecisionTree tree, int outputs)
    {
        int width = inputs.Length / labels.Length;
        for (int row = 0; row < labels.Length; row++)
            _scores[row * outputs + tree.Output] += tree.Score(inputs.AsSpan(row * width, width));
    }

    /// <summary>Mean loss, as networks measure it, and the share of rows whose most probable class is theirs.</summary>
    public (double Loss, double? Accuracy) Measure(int outputs)
    {
        double loss = 0, weights = 0;
        int right = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            var scores = _scores.AsSpan(row * outputs, outputs);
            double weight = classWeights is null ? 1 : classWeights[(int)labels[row]];
            (double cost, bool isRight) = Row(scores, labels[row]);
            loss += weight * cost;
            weights += weight;
            right += isRight ? 1 : 0;
        }
        return (loss / weights, task == PredictionTask.Regression ? null : right / (double)labels.Length);
    }

    private (double Cost, bool IsRight) Row(ReadOnlySpan<double> scores, float label)
    {
        if (task == PredictionTask.Regression)
            return ((scores[0] - label) * (scores[0] - label), false);
        if (task == PredictionTask.Binary)
            return (LogOfOnePlusExp(label > 0.5f ? -scores[0] : scores[0]), (scores[0] >= 0) == (label > 0.5f));
        // One model a class: its probability is its sigmoid over the sum of all, see TabularLink.
        double sum = 0;
        int best = 0;
        for (int c = 0; c < scores.Length; c++)
        {
            sum += Math.Exp(-LogOfOnePlusExp(-scores[c]));
            best = scores[c] > scores[best] ? c : best;
        }
        return (LogOfOnePlusExp(-scores[(int)label]) + Math.Log(sum), best == (int)label);
    }

    // log(1 + e^x) without overflow.
    private static double LogOfOnePlusExp(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));
}
