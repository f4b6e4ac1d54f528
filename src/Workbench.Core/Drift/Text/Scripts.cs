using System.Text;

namespace Workbench.Drift.Text;

/// <summary>Scripts from code points, by the blocks of the Unicode standard.</summary>
internal static class Scripts
{
    private static readonly (int First, int Last, Script Script)[] Blocks =
    [
        (0x0041, 0x024F, Script.Latin), (0x0250, 0x02AF, Script.Latin), (0x0370, 0x03FF, Script.Greek), (0x0400, 0x052F, Script.Cyrillic),
        (0x0530, 0x058F, Script.Armenian), (0x0590, 0x05FF, Script.Hebrew), (0x0600, 0x06FF, Script.Arabic), (0x0750, 0x077F, Script.Arabic),
        (0x0900, 0x097F, Script.Devanagari), (0x0980, 0x09FF, Script.Bengali), (0x0E00, 0x0E7F, Script.Thai), (0x10A0, 0x10FF, Script.Georgian),
        (0x1100, 0x11FF, Script.Hangul), (0x1E00, 0x1EFF, Script.Latin), (0x1F00, 0x1FFF, Script.Greek), (0x3040, 0x30FF, Script.Kana),
        (0x3130, 0x318F, Script.Hangul), (0x3400, 0x4DBF, Script.Han), (0x4E00, 0x9FFF, Script.Han), (0xAC00, 0xD7AF, Script.Hangul),
        (0xF900, 0xFAFF, Script.Han), (0xFB50, 0xFDFF, Script.Arabic), (0xFE70, 0xFEFF, Script.Arabic), (0xFF66, 0xFF9D, Script.Kana),
        (0x20000, 0x3134F, Script.Han),
    ];

    /// <summary>The script of a letter.</summary>
    public static Script Of(Rune letter)
    {
        if (letter.Value < 0x0250)
            return Script.Latin;
        foreach (var (first, last, script) in Blocks)
            if (letter.Value >= first && letter.Value <= last)
                return script;
        return Script.Other;
    }

    /// <summary>True for scripts that put no space between words.</summary>
    public static bool IsUnspaced(Script script) => script is Script.Han or Script.Kana or Script.Thai;
}
