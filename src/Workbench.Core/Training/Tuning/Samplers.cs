using Workbench.Data.Samples;

namespace Workbench.Training.Tuning;

/// <summary>The samplers by their names, and the random numbers of a trial.</summary>
internal static class Samplers
{
    public static ISampler Of(StudyOptions options) => options.Sampler switch
    {
        SamplerKind.Random => new RandomSampler(),
        _ => new TpeSampler(options.StartupTrials, options.Candidates),
    };

    /// <summary>A trial's own numbers, so that what one trial draws does not shift those of the next.</summary>
    public static SampleRandom RandomOf(long seed, int number) =>
        // Odd multipliers keep neighbours far apart in SplitMix64's one sequence.
        new(unchecked((ulong)seed * 0xD1342543DE82EF95 + (ulong)number * 0xAF251AF3B0F025B5));
}
