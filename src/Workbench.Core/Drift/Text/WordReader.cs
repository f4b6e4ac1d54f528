using System.Globalization;
using System.Text;

namespace Workbench.Drift.Text;

/// <summary>
/// Cuts texts into words, in lower case: a longest run of letters, marks and digits that has a letter, with apostrophes
/// between letters; each character of the scripts that are written without spaces, and each emoji, is a word of its own.
/// Runs longer than <see cref="LongestWord"/> characters (keys, encoded data) and numbers are no words. For one thread.
/// </summary>
internal sealed class WordReader
{
    public const int LongestWord = 40;

    private readonly char[] _word = new char[LongestWord + 2];
    private string _text = "";
    private int _position;
    private int _length;

    /// <summary>The word that <see cref="Next"/> found.</summary>
    public ReadOnlySpan<char> Word => _word.AsSpan(0, _length);

    public void Start(string text) => (_text, _position) = (text, 0);

    /// <summary>Goes to the next word; false at the end of the text.</summary>
    public bool Next()
    {
        while (_position < _text.Length)
        {
            _length = 0;
            bool hasLetter = false;
            while (_position < _text.Length)
            {
                Rune.DecodeFromUtf16(_text.AsSpan(_position), out var rune, out int used);
                if (IsWordOfItsOwn(rune))
                {
                    if (_length > 0)
                        break; // the run before it is a word
                    _position += used;
                    _length = rune.EncodeToUtf16(_word);
                    return true;
                }
                if (!IsInWord(rune))
                    break;
                hasLetter |= Rune.IsLetter(rune);
                _position += used;
                Append(rune);
            }
            if (hasLetter && _length <= LongestWord)
                return true;
            if (_length == 0 && _position < _text.Length)
                _position += char.IsSurrogatePair(_text, _position) ? 2 : 1;
        }
        return false;
    }

    private bool IsInWord(Rune rune) => Rune.IsLetterOrDigit(rune)
        || (_length > 0 && CharUnicodeInfo.GetUnicodeCategory(rune.Value) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark)
        || (_length > 0 && rune.Value is '\'' or '\u2019' && _position + 1 < _text.Length && char.IsLetter(_text, _position + 1) && char.IsLetter(_word[_length - 1]));

    private void Append(Rune rune)
    {
        if (_length > LongestWord)
            return; // too long already: stays so
        rune = rune.Value == '\u2019' ? new Rune('\'') : Rune.ToLowerInvariant(rune);
        if (_length + rune.Utf16SequenceLength > LongestWord)
            _length = LongestWord + 1;
        else
            _length += rune.EncodeToUtf16(_word.AsSpan(_length));
    }

    private static bool IsWordOfItsOwn(Rune rune) =>
        rune.Value >= 0x0E00 && (Characters.IsEmoji(rune) || (Rune.IsLetter(rune) && Scripts.IsUnspaced(Scripts.Of(rune))));
}
