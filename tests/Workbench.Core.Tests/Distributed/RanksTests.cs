namespace Workbench.Core.Tests.Distributed;

public class RanksTests
{
    [Fact]
    public void Run_TwoRanks_EachKnowsItsPlaceAndParameters()
    {
        var lines = Ranks.Run(2, "greet", "some", "parameters");

        Assert.Equal(["""{"rank":0,"size":2,"parameters":["some","parameters"]}"""], lines[0].Select(line => line.ToJsonString()));
        Assert.Equal(["""{"rank":1,"size":2,"parameters":["some","parameters"]}"""], lines[1].Select(line => line.ToJsonString()));
    }

    [Fact]
    public void RunToEnd_UnknownScenario_EndsWithItsCodeAndWords()
    {
        var job = Ranks.RunToEnd(1, "greets");

        Assert.Equal(2, job.ExitCode);
        Assert.Contains("Known scenarios: greet", job.Errors, StringComparison.Ordinal);
    }
}
