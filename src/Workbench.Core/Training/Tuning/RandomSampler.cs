using Workbench.Data.Samples;

namespace Workbench.Training.Tuning;

/// <summary>Uniform over the space, whatever was tried before (Bergstra and Bengio 2012).</summary>
internal sealed class RandomSampler : ISampler
{
    public double[] Next(IReadOnlyList<SearchAxis> axes, IReadOnlyList<PastTrial> past, SampleRandom random) =>
        [.. axes.Select(axis => axis.IsCategorical ? random.Below(axis.Choices) : axis.Low + (axis.High - axis.Low) * random.Uniform())];
}
