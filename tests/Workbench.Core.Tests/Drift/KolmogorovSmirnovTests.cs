using Workbench.Drift.Numeric;

namespace Workbench.Core.Tests.Drift;

public sealed class KolmogorovSmirnovTests
{
    // scipy 1.10.1, with lcg of Samples:
    //   a, b = lcg(1, n), lcg(2, m) * scale + shift           (both np.round(·, 2) in the case with ties)
    //   k = stats.ks_2samp(a, b); print(k.statistic, k.pvalue, stats.wasserstein_distance(a, b) / a.std())
    // The p-value: scipy and this code both count lattice paths up to 10,000 rows a side and agree to rounding; beyond,
    // both use the asymptotic distribution, where the tolerance is that of KolmogorovDistribution.
    [Theory]
    [InlineData(30, 40, 1, 0, false, 0.15, 0.789787756596251, 0.1539969191104857)]
    [InlineData(200, 150, 1, 0.1, false, 0.145, 0.049846260697229555, 0.31318832095836624)]
    [InlineData(1000, 1000, 1, 0.02, true, 0.034, 0.6101664688189142, 0.05222163972774601)]
    [InlineData(500, 700, 1.2, -0.1, false, 0.10714285714285714, 0.0022761269879679126, 0.22793286073652994)]
    [InlineData(9000, 10000, 1, 0.01, false, 0.015188888888888889, 0.2218394653700677, 0.03337022911578638)]
    [InlineData(20000, 15000, 1, 0.01, false, 0.013916666666666688, 0.07163390556751004, 0.02635427334289845)]
    [InlineData(10, 20000, 1, 0.3, false, 0.5665500000000001, 0.001467743392651815, 1.5026876644117442)]
    [InlineData(100000, 50000, 1, 0.005, false, 0.005979999999999999, 0.18348552414267005, 0.00989774883029006)]
    [InlineData(100000, 50000, 1, 0.02, false, 0.020949999999999913, 3.858395197792299e-13, 0.06162079836664689)]
    [InlineData(60, 12000, 1, 0.05, false, 0.06741666666666668, 0.930835716200758, 0.07793823557255178)]
    [InlineData(300, 12000, 1, 0.03, false, 0.08124999999999993, 0.03946343685510967, 0.1566031936510995)]
    public void Compare_Samples_AgreeWithScipy(int n, int m, double scale, double shift, bool ties, double d, double p, double distance)
    {
        double Round(double value) => ties ? Math.Round(value, 2) : value;
        var x = NumericColumn.Of(Samples.Uniform(1, n).Select(Round).ToArray());
        var y = NumericColumn.Of(Samples.Uniform(2, m).Select(value => Round(value * scale + shift)).ToArray());

        var measure = KolmogorovSmirnov.Compare(x.Values, y.Values);

        Assert.Equal(d, measure.Statistic, 1e-12);
        Assert.Equal(p, measure.PValue!.Value, Math.Max(n, m) <= 10_000 ? 1e-9 * p : 1e-6 * p + 1e-7);
        Assert.Equal(distance, EarthMover.Compare(new NumericPair(x, y)).Statistic, 1e-12);
    }

    // scipy 1.10.1: stats.kstwo.sf(z / np.sqrt(n), n)
    [Theory]
    [InlineData(1, 0.7, 0.6000000000000001)]
    [InlineData(2, 1.2, 0.045887450304571954)]
    [InlineData(5, 0.5, 0.9162082822963654)]
    [InlineData(10, 1.45, 0.019229272195212754)]
    [InlineData(50, 3, 1.1111031760225101e-08)]
    [InlineData(140, 0.7, 0.6886328804323913)]
    [InlineData(140, 1.45, 0.027288552530941333)]
    [InlineData(141, 0.3, 0.9999737264249865)]
    [InlineData(141, 1.45, 0.02729857250119916)]
    [InlineData(200, 0.9, 0.37692368442546864)]
    [InlineData(1000, 1.2, 0.10941541429803348)]
    [InlineData(33333, 0.5, 0.96336093089719)]
    [InlineData(500000, 0.9, 0.3924054629461228)]
    [InlineData(500000, 1.5, 0.022186538792686582)]
    [InlineData(500000, 5, 3.8373106062941677e-22)]
    public void Survival_AgreesWithScipy(int n, double z, double expected) =>
        Assert.Equal(expected, KolmogorovDistribution.Survival(n, z / Math.Sqrt(n)), Math.Max(1e-6 * expected, n > 140 && z * z < 2.2 ? 1e-7 : 0));

    [Fact]
    public void ExactPValue_TwoAgainstTwo_IsCountedByHand()
    {
        // C(4, 2) = 6 orders of two and two; xxyy and yyxx have D = 1; xyyx, yxxy, xyxy, yxyx have D = 1/2.
        Assert.Equal(2 / 6.0, KolmogorovSmirnov.ExactPValue(2, 2, 4), 1e-15);
        Assert.Equal(1, KolmogorovSmirnov.ExactPValue(2, 2, 2), 1e-15);
    }

    [Fact]
    public void Compare_EqualSamples_HaveNoDistance()
    {
        var measure = KolmogorovSmirnov.Compare([1, 2, 2, 3], [1, 2, 2, 3]);

        Assert.Equal((0, 1.0), (measure.Statistic, measure.PValue));
    }
}
