using System.Globalization;

namespace Workbench.Notebooks.Rendering;

/// <summary>A character and the number of its style.</summary>
internal readonly record struct Glyph(char Letter, ushort Style)
{
    public static readonly Glyph LineEnd = new('\n', 0);
}

/// <summary>Follows the control sequences of ECMA-48 that programs use to colour and to rewrite lines.</summary>
internal sealed class TerminalScreen
{
    private readonly Dictionary<TerminalStyle, ushort> _numbers = new() { [new()] = 0 };
    private TerminalStyle _style = new();
    private ushort _number;
    private int _row;
    private int _column;

    public List<List<Glyph>> Lines { get; } = [[]];

    public List<TerminalStyle> Styles { get; } = [new()];

    public void Write(string text)
    {
        for (int place = 0; place < text.Length; place++)
        {
            switch (text[place])
            {
                case '\n':
                    MoveTo(_row + 1, 0);
                    break;
                case '\r':
                    _column = 0;
                    break;
                case '\b':
                    _column = Math.Max(0, _column - 1);
                    break;
                case '\e':
                    place = Sequence(text, place);
                    break;
                case '\t' or >= ' ' and not '\x7F':
                    Put(text[place]);
                    break;
            }
        }
    }

    private void Put(char letter)
    {
        var line = Lines[_row];
        while (line.Count < _column)
            line.Add(new(' ', 0));
        if (_column < line.Count)
            line[_column] = new(letter, _number);
        else
            line.Add(new(letter, _number));
        _column++;
    }

    // Returns the place of the sequence's last character.
    private int Sequence(string text, int start)
    {
        if (start + 1 >= text.Length)
            return start;
        if (text[start + 1] == ']') // operating system command, such as a window title or a link: up to BEL or ESC \
        {
            int end = text.AsSpan(start).IndexOfAny('\a', '\\');
            return end < 0 ? text.Length : start + end;
        }
        if (text[start + 1] != '[')
            return start + 1;
        int last = start + 2;
        while (last < text.Length && text[last] is < '@' or > '~')
            last++;
        if (last < text.Length)
            Control(text[last], text[(start + 2)..last]);
        return last;
    }

    private void Control(char command, string parameters)
    {
        int count = int.TryParse(parameters, NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? given : 0;
        switch (command)
        {
            case 'm':
                SetStyle(_style.With(parameters));
                break;
            case 'A':
                MoveTo(Math.Max(0, _row - Math.Max(1, count)), _column);
                break;
            case 'B':
                MoveTo(Math.Min(_row + Math.Max(1, count), Lines.Count - 1), _column);
                break;
            case 'K' when count == 0 && _column < Lines[_row].Count:
                Lines[_row].RemoveRange(_column, Lines[_row].Count - _column);
                break;
            case 'K' when count == 2:
                Lines[_row].Clear();
                break;
        }
    }

    private void MoveTo(int row, int column)
    {
        (_row, _column) = (row, column);
        if (_row == Lines.Count)
            Lines.Add([]);
    }

    private void SetStyle(TerminalStyle style)
    {
        _style = style;
        if (_numbers.TryGetValue(style, out _number))
            return;
        if (Styles.Count > ushort.MaxValue)
            return; // a picture of 65,536 colours: the rest goes without
        _number = (ushort)Styles.Count;
        _numbers[style] = _number;
        Styles.Add(style);
    }
}
