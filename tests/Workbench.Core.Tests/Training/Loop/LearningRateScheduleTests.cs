using Workbench.Training;

namespace Workbench.Core.Tests.Training.Loop;

public sealed class LearningRateScheduleTests
{
    // By hand: half a cosine over steps 2..10 of 11 is (1 + cos(pi t / 8)) / 2.
    [Fact]
    public void Cosine_WithWarmup_RisesThenFallsToTheMinimum()
    {
        var schedule = LearningRateSchedule.Cosine(warmupSteps: 2, minimum: 0.1);
        Assert.Equal(0.5, schedule.Factor(0, 11), 1e-12);
        Assert.Equal(1, schedule.Factor(1, 11), 1e-12);
        Assert.Equal(1, schedule.Factor(2, 11), 1e-12);
        Assert.Equal(0.55, schedule.Factor(6, 11), 1e-12);
        Assert.Equal(0.1 + 0.9 * 0.5 * (1 + Math.Cos(Math.PI / 4)), schedule.Factor(4, 11), 1e-12);
        Assert.Equal(0.1, schedule.Factor(10, 11), 1e-12);
    }

    [Fact]
    public void Others_AtKnownSteps_HaveTheirValues()
    {
        Assert.Equal([1, 0.75, 0.5, 0.25, 0], Enumerable.Range(0, 5).Select(step => LearningRateSchedule.Linear().Factor(step, 5)));
        Assert.Equal([1, 1, 0.5, 0.5, 0.25], Enumerable.Range(0, 5).Select(step => LearningRateSchedule.StepDecay(2, 0.5).Factor(step, 5)));
        Assert.Equal(0.125, LearningRateSchedule.Exponential(0.5).Factor(3, 0), 1e-12);
        Assert.Equal(0.25, LearningRateSchedule.Polynomial(2).Factor(2, 5), 1e-12);
        Assert.Equal([0.25, 0.5, 0.75, 1, 1], Enumerable.Range(0, 5).Select(step => LearningRateSchedule.Constant(4).Factor(step, 5)));
        Assert.Equal(0.5, LearningRateSchedule.InverseSquareRoot(4).Factor(15, 0), 1e-12);
        // PyTorch's OneCycleLR(max_lr=1, total_steps=10): 0.04 at first, 1 at step 2, 4e-6 at last.
        var cycle = LearningRateSchedule.OneCycle();
        Assert.Equal(0.04, cycle.Factor(0, 10), 1e-9);
        Assert.Equal(1, cycle.Factor(2, 10), 1e-9);
        Assert.Equal(4e-6, cycle.Factor(9, 10), 1e-12);
    }

    [Fact]
    public void Validate_WrongSettings_ListsAllOfTheOptions()
    {
        var options = new TrainingLoopOptions
        {
            Schedule = LearningRateSchedule.Cosine(-1, 2), MaxEpochs = 0, AccumulationSteps = 0, ClipNorm = 0, Device = "tpu",
            Optimizer = new() { LearningRate = double.NaN, Beta1 = 1, Kind = OptimizerKind.Sgd, Engine = OptimizerEngine.Fused },
        };
        string message = Assert.Throws<ArgumentException>(() => options.EnsureValid()).Message;
        foreach (string wrong in new[] { "warmupSteps is -1", "minimum is 2", "MaxEpochs is 0", "AccumulationSteps is 0", "ClipNorm is 0", "Device is 'tpu'", "LearningRate is NaN", "Beta1 is 1", "Engine is Fused" })
            Assert.Contains(wrong, message);
    }
}
