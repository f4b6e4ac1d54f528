namespace Workbench.Features;

/// <summary>
/// Random orders that are the same on every machine and .NET version: Fisher and Yates's shuffle (Durstenfeld 1964) with
/// numbers from SplitMix64 (Steele, Lea and Flood 2014).
/// </summary>
internal static class Shuffle
{
    /// <summary>The numbers 0 to <paramref name="count"/> - 1 in an order that only seed and epoch decide.</summary>
    public static long[] Order(long count, long seed, int epoch)
    {
        var order = None(count);
        ulong state = Mix((ulong)seed) ^ (ulong)epoch;
        for (long i = count - 1; i > 0; i--)
        {
            long other = (long)Math.BigMul(Next(ref state), (ulong)(i + 1), out _);   // Lemire's range without a division; its bias is below 2^-32 here
            (order[i], order[other]) = (order[other], order[i]);
        }
        return order;
    }

    /// <summary>The numbers 0 to <paramref name="count"/> - 1 as they come.</summary>
    public static long[] None(long count)
    {
        var order = new long[count];
        for (long i = 0; i < count; i++)
            order[i] = i;
        return order;
    }

    private static ulong Next(ref ulong state) => Mix(state += 0x9E3779B97F4A7C15);

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
