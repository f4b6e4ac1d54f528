using System.Text.Json.Nodes;
using Workbench.Training.Tuning;

namespace Workbench.Core.Tests.Training.Tuning;

public sealed class ParameterImportanceTests
{
    private static readonly SearchSpace Space = new(
        SearchParameter.Float("strong", 0, 1), SearchParameter.Categorical("choice", "a", "b", "c"), SearchParameter.Float("weak", 1e-3, 1e1, log: true), SearchParameter.Int("none", 1, 9));

    [Fact]
    public void Of_AdditiveFunction_GivesTheSharesOfVariance()
    {
        // y = 3 u + [c = b] + 0.5 v with u, v uniform in [0, 1] (v is the logarithm's share of its range). Variances by hand: 9/12 = 0.75,
        // 1/3 · 2/3 = 0.2222, 0.25/12 = 0.0208; of their sum 0.755, 0.224, 0.021. A forest over 400 points comes near.
        var trials = Trials(400, row => 3 * (double)row["strong"]! + ((string?)row["choice"] == "b" ? 1 : 0) + 0.5 * (Math.Log10((double)row["weak"]!) + 3) / 4);

        var shares = ParameterImportance.Of(Space, trials);

        Assert.Equal(["strong", "choice", "weak", "none"], shares.Select(one => one.Parameter));
        Assert.Equal(1, shares.Sum(one => one.Share), 9);
        Assert.InRange(shares[0].Share, 0.755 - 0.05, 0.755 + 0.05);
        Assert.InRange(shares[1].Share, 0.224 - 0.05, 0.224 + 0.05);
        Assert.InRange(shares[2].Share, 0.021 - 0.015, 0.021 + 0.015);
        Assert.InRange(shares[3].Share, 0, 0.005);
    }

    [Fact]
    public void Of_TooFewOrEqualValues_IsEmpty()
    {
        Assert.Empty(ParameterImportance.Of(Space, Trials(ParameterImportance.FewestTrials - 1, row => (double)row["strong"]!)));
        Assert.Empty(ParameterImportance.Of(Space, Trials(50, _ => 0.7)));
    }

    private static List<Trial> Trials(int count, Func<JsonObject, double> value) => [.. Enumerable.Range(0, count).Select(number =>
    {
        var parameters = Space.ParametersAt(new RandomSampler().Next(Space.Axes, [], Samplers.RandomOf(5, number)));
        return new Trial { Number = number, State = TrialState.Completed, Parameters = parameters, Value = value(parameters), Attempt = 1, Worker = "w", StartedAt = DateTimeOffset.UnixEpoch };
    })];
}
