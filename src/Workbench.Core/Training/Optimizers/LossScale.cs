namespace Workbench.Training.Optimizers;

/// <summary>
/// The factor on a float16 loss that keeps small gradients from vanishing (Micikevicius et al. 2018): halved when a
/// gradient overflows, doubled after 2,000 steps without. The constants are those of PyTorch's GradScaler.
/// </summary>
internal sealed class LossScale
{
    private const double Growth = 2, Backoff = 0.5;
    private const int GrowthInterval = 2_000;

    public double Value { get; private set; } = 65_536;

    public int StepsSinceChange { get; private set; }

    public void Succeeded()
    {
        if (++StepsSinceChange < GrowthInterval)
            return;
        (Value, StepsSinceChange) = (Value * Growth, 0);
    }

    public void Overflowed() => (Value, StepsSinceChange) = (Value * Backoff, 0);

    public void Restore(double value, int stepsSinceChange) => (Value, StepsSinceChange) = (value, stepsSinceChange);
}
