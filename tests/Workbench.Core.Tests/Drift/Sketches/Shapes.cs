namespace Workbench.Core.Tests.Drift.Sketches;

/// <summary>Columns of many shapes, which a sketch must survive.</summary>
internal static class Shapes
{
    public static readonly string[] Names =
    [
        "normal", "lognormal", "timestamps", "ids", "small counts", "cents", "many zeros", "constant", "two values", "all magnitudes", "spike among others", "uniform",
    ];

    public static double[] Draw(string name, int seed, int count, double shift = 0)
    {
        var random = new Random(seed);
        return Enumerable.Range(0, count).Select(i => name switch
        {
            "normal" => Normal(random) + shift,
            "lognormal" => Math.Exp(Normal(random) * 0.8 + 3 + shift),
            "timestamps" => 1.7e9 + random.Next(1_000_000) + shift * 1e5,
            "ids" => 9_007_199_250_000_000 + i + shift * 1000,
            "small counts" => Math.Floor(-Math.Log(random.NextDouble()) * (2 + shift)),
            "cents" => Math.Round(Math.Exp(Normal(random) + 5 + shift), 2),
            "many zeros" => random.NextDouble() < 0.6 ? 0 : Math.Exp(Normal(random) + shift),
            "constant" => 42 + Math.Floor(shift * 10),
            "two values" => random.NextDouble() < 0.3 + shift / 10 ? 1 : -1,
            "all magnitudes" => (random.NextDouble() < 0.5 ? -1 : 1) * Math.Pow(10, random.NextDouble() * 600 - 300 + shift),
            "spike among others" => random.NextDouble() < 0.4 ? 1000.5 : 1000 + Normal(random) + shift,
            "uniform" => random.NextDouble() * 100 + shift,
            _ => throw new ArgumentOutOfRangeException(nameof(name)),
        }).ToArray();
    }

    // Box and Muller.
    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
