using System.CommandLine.Parsing;
using System.Globalization;

namespace Workbench.Host.Cli;

/// <summary>Sizes on the command line: 2GiB, 512MiB (powers of 1024), 2GB (powers of 1000), or bytes.</summary>
internal static class ByteSizeText
{
    private static readonly (string Unit, double Bytes)[] Units =
    [
        ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1L << 40), ("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12), ("K", 1 << 10), ("M", 1 << 20), ("G", 1 << 30), ("B", 1),
    ];

    public static long? Read(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (Parse(text) is { } bytes)
            return bytes;
        result.AddError($"'{text}' is no size. Give a number with a unit such as 2GiB or 512MiB, at least 1MiB.");
        return null;
    }

    public static long? Parse(string text)
    {
        var (unit, factor) = Units.FirstOrDefault(candidate => text.EndsWith(candidate.Unit, StringComparison.OrdinalIgnoreCase), ("", 1));
        var number = text[..^unit.Length].TrimEnd();
        return double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double count) && count * factor is >= 1 << 20 and < 1e18 ? (long)(count * factor) : null;
    }
}
