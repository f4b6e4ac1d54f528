namespace Workbench.Evaluation;

/// <summary>A threshold, and what wrong predictions cost there.</summary>
/// <param name="Threshold">A row is predicted 1 from this probability on.</param>
/// <param name="CostPerRow">Mean cost of a row, in the unit of the costs given.</param>
/// <param name="ConfusionMatrix">Counts at the threshold.</param>
public sealed record ThresholdChoice(double Threshold, double CostPerRow, ConfusionMatrix ConfusionMatrix)
{
    /// <summary>
    /// The probability among those that occur from which predicting 1 costs least; of several the highest, which acts on
    /// the fewest rows. Predicting no row 1 is among the choices: the threshold is then 1, unless a probability is 1. Choose on
    /// rows that the model was not trained on, and judge on others: the cost here is that of the best of many.
    /// </summary>
    /// <param name="probabilities">[N] of class 1.</param>
    /// <param name="labels">[N] of 0 or 1.</param>
    /// <param name="falsePositiveCost">Cost of predicting 1 where the label is 0; finite, at least 0.</param>
    /// <param name="falseNegativeCost">Cost of predicting 0 where the label is 1; finite, at least 0.</param>
    /// <exception cref="ArgumentException">The arrays differ in length, or a cost is out of range.</exception>
    /// <exception cref="Data.DataException">There are no rows, or a value is none.</exception>
    public static ThresholdChoice ByCost(float[] probabilities, float[] labels, double falsePositiveCost, double falseNegativeCost)
    {
        Scores.Check(probabilities, labels);
        CheckCost(falsePositiveCost, nameof(falsePositiveCost));
        CheckCost(falseNegativeCost, nameof(falseNegativeCost));
        int rows = labels.Length, positives = labels.Count(label => label == 1);
        var choices = new RankedRows(probabilities, labels, 0.5).Groups(Bootstrap.Once(rows))
            .Select(group => (Threshold: group.Probability, Found: (int)group.PositivesFrom, Wrong: (int)group.NegativesFrom));
        if (probabilities.Max() < 1)
            choices = choices.Prepend((1, 0, 0));
        var best = choices.MinBy(Cost); // the first of equal ones: they come from the highest down
        return new(best.Threshold, Cost(best) / rows, new(best.Found, best.Wrong, rows - positives - best.Wrong, positives - best.Found));

        double Cost((double Threshold, int Found, int Wrong) choice) => choice.Wrong * falsePositiveCost + (positives - choice.Found) * falseNegativeCost;
    }

    private static void CheckCost(double cost, string name)
    {
        if (!(cost >= 0 && double.IsFinite(cost)))
            throw new ArgumentOutOfRangeException(name, cost, "A cost is a finite number of at least 0.");
    }
}
