namespace Workbench.Notebooks.Kernel;

/// <summary>Positions in text: Jupyter counts code points, .NET UTF-16 units.</summary>
internal static class CodePoints
{
    public static int ToUtf16(string text, int codePoints)
    {
        int index = 0;
        for (; codePoints > 0 && index < text.Length; codePoints--)
            index += index + 1 < text.Length && char.IsSurrogatePair(text[index], text[index + 1]) ? 2 : 1;
        return index;
    }

    public static int FromUtf16(string text, int utf16) => text[..utf16].EnumerateRunes().Count();
}
