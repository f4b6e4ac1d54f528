using Workbench.Distributed.Tracing;

namespace Workbench.Core.Tests.Distributed.Tracing;

public sealed class SpanStoreTests
{
    private const int SpansOfAStep = 4;

    [Theory]
    [InlineData(5, 40, 40)]
    [InlineData(1_000, 40, 40)]
    [InlineData(1_000, 40, 12)]
    [InlineData(1_000, 41, 13)]
    [InlineData(11, 100, 24)]   // nothing was lost, and less is wanted
    [InlineData(11, 43, 24)]
    public void Take_AnyNumberOfSteps_GivesWholeFirstAndLastStepsAndSaysWhichAreMissing(int steps, int kept, int wanted)
    {
        var store = new SpanStore(kept);
        for (long step = 0; step < steps; step++)
            for (int i = 0; i < SpansOfAStep; i++)
                store.Add(new($"{i}", TimelineKind.Forward, step * 10 + i, step * 10 + i + 1, step, 0));
        var (spans, leftOut) = store.Take(wanted);
        Assert.Equal(steps * SpansOfAStep, store.Count);
        Assert.InRange(spans.Count, Math.Min(steps * SpansOfAStep, wanted / 2), wanted);
        Assert.Equal(spans.OrderBy(span => span.Began), spans);
        var byStep = spans.GroupBy(span => span.Step).ToList();
        Assert.All(byStep, step => Assert.Equal(SpansOfAStep, step.Count()));
        long[] missing = [.. Enumerable.Range(0, steps).Select(step => (long)step).Except(byStep.Select(step => step.Key))];
        if (steps * SpansOfAStep <= wanted)
            Assert.Null(leftOut);
        else
        {
            Assert.Equal((missing[0], missing[^1]), leftOut);
            Assert.Equal(missing[^1] - missing[0] + 1, missing.Length);
            Assert.Equal(steps - 1, byStep[^1].Key);
        }
    }
}
