using Workbench.Features;

namespace Workbench.Evaluation;

/// <summary>Expected calibration error; see <see cref="CalibrationBins"/>.</summary>
internal sealed class CalibrationStatistic(Predictions predictions) : Statistic
{
    public override double? Of(ReadOnlySpan<double> weights)
    {
        var bins = new CalibrationBins();
        for (int row = 0; row < predictions.Rows; row++)
        {
            if (predictions.Task == PredictionTask.Binary)
                bins.Add(predictions.Scores[row], predictions.Labels[row] == 1, weights[row]);
            else
                bins.Add(predictions.Row(row)[predictions.Predicted(row)], predictions.Predicted(row) == (int)predictions.Labels[row], weights[row]);
        }
        return bins.Error;
    }
}
