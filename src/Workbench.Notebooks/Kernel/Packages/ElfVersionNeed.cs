using System.Buffers.Binary;
using System.Text;

namespace Workbench.Notebooks.Kernel.Packages;

/// <summary>
/// Marks a symbol version that an ELF library needs as weak, so that the loader warns instead of refusing. TorchSharp's
/// library needs one that Debian 12 lacks, for a symbol that no relocation uses; see build/TorchNative.targets. Format:
/// System V gABI, "Symbol Versioning".
/// </summary>
internal static class ElfVersionNeed
{
    /// <summary>The version that TorchSharp's library needs and Debian 12 and Ubuntu 22.04 do not have.</summary>
    public const string NewestOfDebian12 = "GLIBCXX_3.4.32";

    private const uint VersionNeedSection = 0x6ffffffe; // SHT_GNU_verneed
    private const byte WeakFlag = 2;                    // VER_FLG_WEAK

    /// <summary>A copy of the 64-bit little-endian library in which the need for <paramref name="version"/> is weak.</summary>
    public static byte[] Weaken(byte[] library, string version)
    {
        var elf = (byte[])library.Clone();
        long table = Int64(elf, 0x28);
        int size = Int16(elf, 0x3A), count = Int16(elf, 0x3C);
        for (int index = 0; index < count; index++)
        {
            long section = table + (long)index * size;
            if (UInt32(elf, section + 4) == VersionNeedSection)
                Weaken(elf, table, size, section, version);
        }
        return elf;
    }

    private static void Weaken(byte[] elf, long table, int size, long section, string version)
    {
        long strings = Int64(elf, table + UInt32(elf, section + 40) * size + 24);
        long need = Int64(elf, section + 24);
        for (uint left = UInt32(elf, section + 44); left > 0; left--)
        {
            long entry = need + UInt32(elf, need + 8);
            for (int entries = Int16(elf, need + 2); entries > 0; entries--)
            {
                if (Text(elf, strings + UInt32(elf, entry + 8)) == version)
                    elf[entry + 4] |= WeakFlag;
                entry += UInt32(elf, entry + 12);
            }
            need += UInt32(elf, need + 12);
        }
    }

    private static string Text(byte[] elf, long start) => Encoding.ASCII.GetString(elf, (int)start, Array.IndexOf(elf, (byte)0, (int)start) - (int)start);

    private static long Int64(byte[] elf, long at) => BinaryPrimitives.ReadInt64LittleEndian(elf.AsSpan((int)at));

    private static uint UInt32(byte[] elf, long at) => BinaryPrimitives.ReadUInt32LittleEndian(elf.AsSpan((int)at));

    private static int Int16(byte[] elf, long at) => BinaryPrimitives.ReadUInt16LittleEndian(elf.AsSpan((int)at));
}
