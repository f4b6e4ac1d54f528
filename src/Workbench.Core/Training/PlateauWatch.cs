namespace Workbench.Training;

/// <summary>The part of the learning rate that validations decide: 1 unless the schedule lowers it on a plateau.</summary>
internal sealed class PlateauWatch(TrainingLoopOptions options)
{
    public double Factor { get; private set; } = 1;

    public int Wait { get; private set; }

    public double? Best { get; private set; }

    /// <summary>Takes a validation's monitored figure.</summary>
    public void See(double value)
    {
        if (options.Schedule.Plateau is not var (factor, patience))
            return;
        if (Best is not { } best || (options.HigherIsBetter ? value > best : value < best))
            (Best, Wait) = (value, 0);
        else if (++Wait >= patience)
            (Factor, Wait) = (Factor * factor, 0);
    }

    public void Restore(double factor, int wait, double? best) => (Factor, Wait, Best) = (factor, wait, best);
}
