using System.Text.Json.Nodes;
using Workbench.Data.Samples;
using Workbench.Training.Tuning;

namespace Workbench.Core.Tests.Training.Tuning;

public sealed class SearchSpaceTests
{
    [Fact]
    public void Parse_EveryForm_IsUnderstoodAndWrittenBack()
    {
        var space = SearchSpace.Parse("""
            {"rate": {"type": "float", "low": 1e-4, "high": 0.1, "log": true}, "drop": {"type": "float", "low": 0, "high": 0.3, "step": 0.1},
             "layers": {"type": "int", "low": 1, "high": 9, "step": 3}, "batch": {"type": "int", "low": 8, "high": 512, "log": true},
             "act": ["relu", "gelu"], "sizes": {"choices": [[64, 32], [128]]}, "seed": 42}
            """);

        Assert.Equal(
            ["0.0001 to 0.1, logarithmic", "0 to 0.3, in steps of 0.1", "whole 1 to 9, in steps of 3", "whole 8 to 512, logarithmic", "relu | gelu", "[64,32] | [128]", "42"],
            space.Parameters.Select(parameter => parameter.ToString()));
        Assert.True(JsonNode.DeepEquals(space.ToJson(), SearchSpace.Read(space.ToJson()).ToJson()));
    }

    [Fact]
    public void Parse_ManyErrors_ListsThemAll()
    {
        var failure = Assert.Throws<TuningException>(() => SearchSpace.Parse("""
            {"a": {"type": "float", "low": 2, "high": 1}, "b": {"type": "float", "low": 0, "high": 1, "log": true}, "c": {"type": "int", "low": 0.5, "high": 3},
             "d": [], "e": ["x", "x"], "f": {"tipe": "float", "low": 0, "high": 1}, "g": {"type": "float", "low": "much", "high": 1},
             "h": {"type": "float", "low": 1, "high": 9, "log": true, "step": 1}, "i": {"type": "float", "low": 0, "high": 1, "step": 2}, "j": {"choices": [1], "low": 0},
             "k": {"low": 0, "high": 1}, "l": {"type": "int", "low": 1, "high": 5, "log": "yes"}}
            """));

        foreach (var part in (string[])
            ["'a': low is 2 and high 1", "'b': log is true and low is 0", "'c': low 0.5", "'d': it has no choices", "'e': the choices [\"x\", \"x\"]", "Did you mean 'type'?",
             "'g': low is \"much\"", "'h': log and step 1", "'i': step is 2", "'j': choices and low", "'k': type is missing", "'l': log is \"yes\""])
            Assert.Contains(part, failure.Message);
    }

    [Theory]
    [InlineData("[1]", "takes an object of names")]
    [InlineData("{", "is no JSON")]
    [InlineData("{}", "has no parameter")]
    [InlineData("""{"a": 1, "a": 2}""", "is no JSON")]
    public void Parse_NoSpace_SaysWhatIsExpected(string json, string expected) =>
        Assert.Contains(expected, Assert.Throws<TuningException>(() => SearchSpace.Parse(json)).Message);

    [Fact]
    public void Constructor_NameTwice_IsRefused() =>
        Assert.Contains("'a' comes twice", Assert.Throws<TuningException>(() => new SearchSpace(SearchParameter.Int("a", 1, 2), SearchParameter.Int("a", 1, 2))).Message);

    [Fact]
    public void ParametersAt_RandomPoints_GiveExactlyTheValuesAllowed()
    {
        var space = new SearchSpace(
            SearchParameter.Float("rate", 1e-4, 1e-1, log: true), SearchParameter.Float("drop", 0, 0.3, step: 0.1), SearchParameter.Int("layers", 1, 9, step: 3),
            SearchParameter.Int("batch", 8, 16, log: true), SearchParameter.Categorical("act", "relu", 7, true));
        var random = new SampleRandom(1);
        var points = Enumerable.Range(0, 4000).Select(_ => space.ParametersAt(new RandomSampler().Next(space.Axes, [], random))).ToList();

        Assert.All(points, point => Assert.InRange((double)point["rate"]!, 1e-4, 1e-1));
        Assert.All(points, point => Assert.InRange(point["rate"]!.ToJsonString().Replace("E-05", "").Replace("0.", "").TrimStart('0').Replace(".", "").Length, 1, 5)); // can be typed
        // A third of the trials lies in each decade, ± 5 standard deviations of a binomial (0.0075 each).
        Assert.InRange(points.Count(point => (double)point["rate"]! < 1e-3) / 4000.0, 0.333 - 0.038, 0.333 + 0.038);
        // Each value as often as the others, 0.3 and not 0.30000000000000004.
        Assert.Equal([0, 0.1, 0.2, 0.3], points.Select(point => (double)point["drop"]!).Distinct().Order());
        Assert.All(points.GroupBy(point => (double)point["drop"]!), group => Assert.InRange(group.Count() / 4000.0, 0.25 - 0.035, 0.25 + 0.035));
        Assert.Equal([1L, 4, 7], points.Select(point => (long)point["layers"]!).Distinct().Order());
        Assert.Equal(Enumerable.Range(8, 9).Select(value => (long)value), points.Select(point => (long)point["batch"]!).Distinct().Order());
        Assert.Equal(["7", "relu", "true"], points.Select(point => point["act"]!.ToString()).Distinct().Order());
        // What was drawn is found again, as the database gives it back.
        Assert.All(points, point => Assert.NotNull(space.CoordinatesOf(JsonNode.Parse(point.ToJsonString())!.AsObject())));
    }

    [Fact]
    public void CoordinatesOf_OutsideTheSpace_IsNull()
    {
        var space = new SearchSpace(SearchParameter.Float("a", 0, 1), SearchParameter.Categorical("b", "x", 1));
        Assert.NotNull(space.CoordinatesOf(new JsonObject { ["a"] = 1, ["b"] = 1.0 }));
        Assert.Null(space.CoordinatesOf(new JsonObject { ["a"] = 1.5, ["b"] = "x" }));
        Assert.Null(space.CoordinatesOf(new JsonObject { ["a"] = 1, ["b"] = "y" }));
        Assert.Null(space.CoordinatesOf(new JsonObject { ["a"] = 1 }));
    }
}
