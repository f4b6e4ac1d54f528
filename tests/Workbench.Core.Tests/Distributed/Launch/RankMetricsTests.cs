using System.Text.Json.Nodes;
using Workbench.Distributed.Launch;

namespace Workbench.Core.Tests.Distributed.Launch;

public class RankMetricsTests
{
    [Fact]
    public void ToJson_Figures_AreOneObjectWithoutTheMissing()
    {
        var figures = new RankMetrics { Step = 120, Epoch = 3, TrainingLoss = 0.5, SamplesPerSecond = 4000, ValidationLoss = double.NaN };

        Assert.Equal("""{"metrics":{"step":120,"epoch":3,"trainingLoss":0.5,"samplesPerSecond":4000}}""", figures.ToJson().ToJsonString());
    }

    [Fact]
    public void Read_WhatWasWritten_IsTheSame()
    {
        var figures = new RankMetrics { Step = long.MaxValue, Epoch = 1, TrainingLoss = 1e-300, ValidationLoss = -2.5, SamplesPerSecond = 0.1, WaitShare = 1 };

        Assert.Equal(figures, RankMetrics.Read(JsonNode.Parse(figures.ToJson().ToJsonString())!.AsObject()));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"metrics":7}""")]
    [InlineData("""{"metrics":{"step":"7","epoch":1}}""")]
    [InlineData("""{"metrics":{"step":7}}""")]
    public void Read_AnotherReport_IsNone(string report) => Assert.Null(RankMetrics.Read(JsonNode.Parse(report)!.AsObject()));

    [Fact]
    public void Model_OfAReport_IsReadBack()
    {
        Assert.Equal(new("churn", 7), JobModel.Read(JsonNode.Parse(new JobModel("churn", 7).ToJson().ToJsonString())!.AsObject()));
        Assert.Null(JobModel.Read(new RankMetrics { Step = 1, Epoch = 1 }.ToJson()));
    }
}
