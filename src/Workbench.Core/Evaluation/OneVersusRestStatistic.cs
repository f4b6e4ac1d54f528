namespace Workbench.Evaluation;

/// <summary>
/// Mean over the classes of the area under the ROC curve of that class against all others (scikit-learn's
/// <c>multi_class="ovr", average="macro"</c>); undefined when a class has no row.
/// </summary>
internal sealed class OneVersusRestStatistic(Predictions predictions) : Statistic
{
    private readonly RankedRows[] _classes = [.. Enumerable.Range(0, predictions.Classes).Select(c => new RankedRows(
        [.. Enumerable.Range(0, predictions.Rows).Select(row => predictions.Row(row)[c])],
        [.. predictions.Labels.Select(label => label == c)], threshold: 0.5))];

    public override double? Of(ReadOnlySpan<double> weights)
    {
        double sum = 0;
        foreach (var one in _classes)
        {
            if (one.CountRows(weights).RocAuc is not { } area)
                return null;
            sum += area;
        }
        return sum / _classes.Length;
    }
}
