using Workbench.Data.Samples;

namespace Workbench.Training.Tuning;

/// <summary>Chooses where to try next. The same arguments give the same point.</summary>
internal interface ISampler
{
    /// <summary>One coordinate an axis.</summary>
    double[] Next(IReadOnlyList<SearchAxis> axes, IReadOnlyList<PastTrial> past, SampleRandom random);
}
