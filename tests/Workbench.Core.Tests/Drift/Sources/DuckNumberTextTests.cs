using Workbench.Data;
using Workbench.Drift.Sources;

namespace Workbench.Core.Tests.Drift.Sources;

public sealed class DuckNumberTextTests
{
    private sealed record Text(double Number, string Double, string? Float);

    [Fact]
    public void Of_Numbers_IsWhatDuckDbWrites()
    {
        double[] odd = [0, 1, -1, 0.1, 1e15, 1e16, 1e17, 123456789012345680, 0.0001, 0.00001, 1.5e-7, 1e-300, 1.7976931348623157e308, 5e-324, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1e7, 16777216, 100];
        var random = new Random(11);
        var numbers = odd.Concat(Enumerable.Range(0, 2000).Select(_ => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-30, 30)))).ToList();
        using var session = DuckSession.Open();
        session.Register("numbers", numbers.Select(number => new { Number = number }));

        var texts = session.Query<Text>("SELECT \"Number\" AS number, \"Number\"::VARCHAR AS double, TRY_CAST(\"Number\" AS FLOAT)::VARCHAR AS float FROM numbers");

        Assert.Equal(numbers.Count, texts.Count);
        Assert.All(texts, text => Assert.Equal(text.Double, DuckNumberText.Of(text.Number)));
        Assert.All(texts.Where(text => text.Float is not null), text => Assert.Equal(text.Float, DuckNumberText.Of((float)text.Number)));
    }
}
