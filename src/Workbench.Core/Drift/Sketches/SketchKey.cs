namespace Workbench.Drift.Sketches;

/// <summary>
/// The rule that puts a number into a bin; a fixed rule, so that sketches of any rows can be merged.
/// <para>
/// The key of a finite double is its 64 IEEE 754 bits with the sign bit flipped when it is positive, and all bits flipped
/// when it is negative: unsigned order is numeric order. -0 counts as 0. The bin at shift s is the key without its s lowest
/// bits, <c>key &gt;&gt; s</c>. So s = 0 is a bin a value, s = 42 leaves sign, exponent and 10 bits of the fraction (a
/// thousandth of the value), and a bin at s + 1 is two whole bins at s.
/// </para>
/// <para>
/// In SQL with signed 64-bit integers: with <c>b</c> the bits as bigint, <c>k = CASE WHEN b &gt;= 0 THEN b ELSE b # 9223372036854775807 END</c>
/// (# is exclusive or), the bin is <c>(k &gt;&gt; s) + 2^(63-s)</c>; PostgreSQL gives <c>b</c> as
/// <c>('x' || encode(float8send(x + 0.0), 'hex'))::bit(64)::bigint</c>.
/// </para>
/// </summary>
internal static class SketchKey
{
    /// <summary>Version of the rule, kept in profile files.</summary>
    public const int Rule = 1;
    /// <summary>Sign and exponent are left: no more than 4,096 bins.</summary>
    public const int CoarsestShift = 52;

    public static ulong Of(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        return (ulong)(bits ^ ((bits >> 63) | long.MinValue));
    }

    public static double Value(ulong key)
    {
        long bits = (long)key;
        return BitConverter.Int64BitsToDouble(bits ^ ((~bits >> 63) | long.MinValue));
    }

    /// <summary>The smallest number that a bin can hold.</summary>
    public static double Edge(ulong bin, int shift) => Value(bin << shift);
}
