using Workbench.Evaluation;

namespace Workbench.Core.Tests.Evaluation;

public class PairedBootstrapTests
{
    private static readonly float[] Labels = [.. Enumerable.Range(0, 1000).Select(i => i % 3 == 0 ? 1f : 0f)];

    /// <summary>Right everywhere but on the rows from <paramref name="from"/> to before <paramref name="to"/>.</summary>
    private static float[] WrongOn(int from, int to) => [.. Labels.Select((label, i) => i >= from && i < to ? 1 - label : label)];

    /// <summary>
    /// 60 rows only the candidate gets right, 30 only the champion: difference 0.03, standard error
    /// sqrt((0.09 - 0.03²) / 1000) = 0.00944, normal interval 0.0115 to 0.0485, win probability Phi(3.18) = 0.9993.
    /// </summary>
    [Fact]
    public void Accuracy_KnownGains_AgreesWithTheNormalApproximation()
    {
        var result = PairedBootstrap.Accuracy(WrongOn(0, 30), WrongOn(100, 160), Labels, samples: 4000, seed: 1);
        Assert.Equal((0.03, 1000), (Math.Round(result.Difference, 12), result.Rows));
        // Two steps of 1/1000 for the normal approximation and the resampling.
        Assert.Equal(0.0115, result.Lower, 0.002);
        Assert.Equal(0.0485, result.Upper, 0.002);
        Assert.Equal(0.9993, result.WinProbability, 0.002);
    }

    [Fact]
    public void Accuracy_Swapped_ChangesSign()
    {
        var better = PairedBootstrap.Accuracy(WrongOn(0, 30), WrongOn(100, 160), Labels, seed: 2);
        var worse = PairedBootstrap.Accuracy(WrongOn(100, 160), WrongOn(0, 30), Labels, seed: 2);
        Assert.Equal(-better.Difference, worse.Difference, 12);
        Assert.Equal(1 - better.WinProbability, worse.WinProbability, 12);
        Assert.Equal(-better.Upper, worse.Lower, 12);
    }

    [Fact]
    public void Accuracy_SameModel_IsNoDifference() =>
        Assert.Equal(new PairedDifference(0, 0, 0, 1000, 0.5), PairedBootstrap.Accuracy(WrongOn(0, 90), WrongOn(0, 90), Labels));

    [Fact]
    public void Accuracy_DifferentLengths_AreRefused() =>
        Assert.Throws<ArgumentException>(() => PairedBootstrap.Accuracy([0.5f], [0.5f, 0.1f], [1, 0]));
}
