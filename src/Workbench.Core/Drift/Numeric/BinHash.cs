using System.Numerics;

namespace Workbench.Drift.Numeric;

/// <summary>Where the keys of a table with 2^n slots go. Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4): neighbours fall far apart.</summary>
internal static class BinHash
{
    private const ulong Multiplier = 0x9E37_79B9_7F4A_7C15;

    /// <summary>What <see cref="Place"/> needs to know of the table.</summary>
    public static int Shift(int slots) => 64 - BitOperations.Log2((uint)slots);

    public static int Place(ulong key, int shift) => (int)(key * Multiplier >> shift);
}
