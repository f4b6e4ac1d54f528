using System.Numerics;

namespace Workbench.Distributed.Mpi;

/// <summary>The upper half of a float32, with its sign and exponent and seven bits of its fraction.</summary>
internal static class BFloat16
{
    private const ushort NotANumber = 0x7fc0;

    /// <summary>The same values as float32.</summary>
    public static void Widen(ReadOnlySpan<ushort> from, Span<float> to)
    {
        int i = 0;
        for (; i <= from.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Vector.Widen(new Vector<ushort>(from[i..]), out var low, out var high);
            (low << 16).As<uint, float>().CopyTo(to[i..]);
            (high << 16).As<uint, float>().CopyTo(to[(i + Vector<uint>.Count)..]);
        }
        for (; i < from.Length; i++)
            to[i] = BitConverter.UInt32BitsToSingle((uint)from[i] << 16);
    }

    /// <summary>The nearest values, ties to even; NaN stays NaN.</summary>
    public static void Narrow(ReadOnlySpan<float> from, Span<ushort> to)
    {
        int i = 0;
        for (; i <= from.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
            Vector.Narrow(Rounded(new Vector<float>(from[i..])), Rounded(new Vector<float>(from[(i + Vector<float>.Count)..]))).CopyTo(to[i..]);
        for (; i < from.Length; i++)
            to[i] = Rounded(from[i]);
    }

    // Half of the last kept bit is added, less one when that bit is even, so that a tie goes to even.
    private static Vector<uint> Rounded(Vector<float> value)
    {
        var bits = value.As<float, uint>();
        var rounded = (bits + new Vector<uint>(0x7fff) + ((bits >> 16) & Vector<uint>.One)) >> 16;
        return Vector.ConditionalSelect(Vector.Equals(value, value).As<int, uint>(), rounded, new Vector<uint>(NotANumber));
    }

    private static ushort Rounded(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value) ? NotANumber : (ushort)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
    }
}
