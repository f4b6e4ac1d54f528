namespace Workbench.Evaluation;

/// <summary>The mean of one metric over several models, such as those of several seeds, on the same rows.</summary>
internal sealed class AverageStatistic(IReadOnlyList<Statistic> models) : Statistic
{
    public override double? Of(ReadOnlySpan<double> weights)
    {
        double sum = 0;
        foreach (var model in models)
        {
            if (model.Of(weights) is not { } value)
                return null;
            sum += value;
        }
        return sum / models.Count;
    }
}
