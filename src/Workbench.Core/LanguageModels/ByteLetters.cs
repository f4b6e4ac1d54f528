using System.Text;

namespace Workbench.LanguageModels;

/// <summary>
/// GPT-2's reversible letters for the 256 bytes: printable Latin-1 stands for itself, the others for U+0100 and up in
/// their order (https://github.com/openai/gpt-2/blob/master/src/encoder.py, bytes_to_unicode).
/// </summary>
internal static class ByteLetters
{
    private static readonly char[] Letters = Table();
    private static readonly Dictionary<char, byte> Bytes = Enumerable.Range(0, 256).ToDictionary(value => Letters[value], value => (byte)value);

    /// <summary>All 256, by byte.</summary>
    public static IReadOnlyList<char> All => Letters;

    /// <summary>A letter for each byte of the text's UTF-8.</summary>
    public static string Encode(string text) => string.Create(Encoding.UTF8.GetByteCount(text), text, static (letters, text) =>
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        for (int i = 0; i < bytes.Length; i++)
            letters[i] = Letters[bytes[i]];
    });

    /// <summary>The bytes behind letters; null when a character is none of them.</summary>
    public static byte[]? Decode(string letters)
    {
        var bytes = new byte[letters.Length];
        for (int i = 0; i < letters.Length; i++)
            if (!Bytes.TryGetValue(letters[i], out bytes[i]))
                return null;
        return bytes;
    }

    private static char[] Table()
    {
        var letters = new char[256];
        int others = 0;
        for (int value = 0; value < 256; value++)
            letters[value] = value is >= 0x21 and <= 0x7E or >= 0xA1 and <= 0xAC or >= 0xAE ? (char)value : (char)(256 + others++);
        return letters;
    }
}
