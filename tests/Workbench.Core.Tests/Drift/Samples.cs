namespace Workbench.Core.Tests.Drift;

/// <summary>
/// Samples that C# and Python make alike, from the linear congruential generator of the C standard:
/// <code>
/// def lcg(seed, n):
///     x, out = seed, []
///     for _ in range(n):
///         x = (1103515245 * x + 12345) % 2**31
///         out.append(x / 2**31)
///     return np.array(out)
/// </code>
/// </summary>
internal static class Samples
{
    public static double[] Uniform(long seed, int count)
    {
        var values = new double[count];
        for (int i = 0; i < count; i++)
        {
            seed = (1103515245 * seed + 12345) % (1L << 31);
            values[i] = seed / (double)(1L << 31);
        }
        return values;
    }

    public static double[] Sorted(IEnumerable<double> values) => values.Order().ToArray();

    /// <summary>Close to a normal distribution: the sum of twelve uniform numbers less 6 (mean 0, deviation 1).</summary>
    public static double[] Bell(int seed, int count)
    {
        var random = new Random(seed);
        return Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, 12).Sum(_ => random.NextDouble()) - 6).ToArray();
    }
}
