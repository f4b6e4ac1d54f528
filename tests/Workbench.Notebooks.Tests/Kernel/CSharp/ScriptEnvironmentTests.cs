using Workbench.Drift;
using Workbench.Notebooks.Kernel.CSharp;

namespace Workbench.Notebooks.Tests.Kernel.CSharp;

public sealed class ScriptEnvironmentTests
{
    [Fact]
    public void Imports_PublicNamespacesOfDriftAndEvaluation_AreAllThere()
    {
        string[] areas = ["Workbench.Drift", "Workbench.Evaluation"];
        var known = typeof(DriftReport).Assembly.GetExportedTypes().Select(type => type.Namespace!).Distinct() // public types of Core have one
            .Where(name => areas.Any(area => name == area || name.StartsWith(area + ".", StringComparison.Ordinal))).ToList();

        Assert.Contains("Workbench.Drift.Chunks", known);
        Assert.Empty(known.Except(ScriptEnvironment.Imports));
    }

    // What docs/drift.md writes, without a using.
    [Theory]
    [InlineData("new DriftOptions { Chunks = Chunking.By(ChunkPeriod.Day, \"sold\"), Season = Season.Weekday, Threshold = DriftThreshold.StandardDeviation() }.Chunks.ToString()", "day")]
    [InlineData("new CauseOptions().GetType().Name + new TextOptions().GetType().Name + new MultivariateOptions().GetType().Name", "CauseOptionsTextOptionsMultivariateOptions")]
    [InlineData("new EstimationOptions().GetType().Name + typeof(PerformanceEstimator).Name", "EstimationOptionsPerformanceEstimator")]
    [InlineData("typeof(StreamDetectors).Name + typeof(EmbeddingDrift).Name", "StreamDetectorsEmbeddingDrift")]
    public void Run_TypesOfDrift_NeedNoUsing(string cell, string expected) =>
        Assert.Equal(expected, new CSharpSession().Run(cell, "Cell[1]", TestContext.Current.CancellationToken));
}
