using System.Numerics;

namespace Workbench.Drift.Quality.Scanning;

/// <summary>
/// About how many different hashes were seen: 4,096 registers, standard error 1.04 / √4096 = 1.6 % (Flajolet, Fusy, Gandouet,
/// Meunier 2007, AofA, 137-156), by linear counting while registers are empty.
/// </summary>
internal sealed class HyperLogLog
{
    private const int Bits = 12;
    private const int Registers = 1 << Bits;
    private readonly byte[] _registers = new byte[Registers];

    /// <summary>Takes a hash whose bits are all as good as random.</summary>
    public void Add(ulong hash)
    {
        ref byte register = ref _registers[hash >> (64 - Bits)];
        // The bit behind the last one that counts ends a run of zeros.
        byte rank = (byte)(BitOperations.LeadingZeroCount((hash << Bits) | (1UL << (Bits - 1))) + 1);
        if (rank > register)
            register = rank;
    }

    public long Estimate()
    {
        double sum = 0;
        int empty = 0;
        foreach (byte register in _registers)
        {
            sum += Math.ScaleB(1, -register);
            empty += register == 0 ? 1 : 0;
        }
        double estimate = 0.7213 / (1 + 1.079 / Registers) * Registers * Registers / sum;
        return (long)Math.Round(estimate <= 2.5 * Registers && empty > 0 ? Registers * Math.Log((double)Registers / empty) : estimate);
    }
}
