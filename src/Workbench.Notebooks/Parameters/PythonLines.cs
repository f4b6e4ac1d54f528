using System.Text;

namespace Workbench.Notebooks.Parameters;

/// <summary>Cuts Python source into its statements at the top level: over several lines within brackets, strings and after a backslash.</summary>
internal static class PythonLines
{
    public static IEnumerable<PythonLine> Split(string source)
    {
        int place = 0;
        while (place < source.Length)
        {
            bool isIndented = source[place] is ' ' or '\t';
            var line = Read(source, ref place);
            if (!isIndented && !(line.Parts.Count == 1 && line.Parts[0].Trim().Length == 0))
                yield return line;
        }
    }

    private static PythonLine Read(string source, ref int place)
    {
        var parts = new List<string>();
        var part = new StringBuilder();
        string? remark = null;
        int depth = 0;
        for (; place < source.Length; place++)
        {
            char letter = source[place];
            if (letter is '"' or '\'')
            {
                int end = EndOfText(source, place);
                part.Append(source, place, end - place);
                place = end - 1;
            }
            else if (letter == '#')
            {
                int end = source.IndexOf('\n', place) is >= 0 and var found ? found : source.Length;
                remark = source[place..end].TrimStart('#').Trim() is { Length: > 0 } text ? text : remark;
                place = end - 1;
            }
            else if (letter == '\\' && place + 1 < source.Length && source[place + 1] == '\n')
                place++;
            else if (letter is '\n' or ';' && depth == 0)
                break;
            else if (letter == '=' && depth == 0 && IsAssignment(source, place))
            {
                parts.Add(part.ToString());
                part.Clear();
            }
            else
            {
                depth += letter is '(' or '[' or '{' ? 1 : letter is ')' or ']' or '}' ? -1 : 0;
                part.Append(letter);
            }
        }
        place++;
        if (place < source.Length && source[place - 1] == ';')
            while (place < source.Length && source[place] == ' ')
                place++; // what follows a semicolon is not indented
        parts.Add(part.ToString());
        return new(parts, remark);
    }

    // Not ==, !=, <=, >=, := nor an operator such as +=.
    private static bool IsAssignment(string source, int place) =>
        (place + 1 >= source.Length || source[place + 1] != '=') && (place == 0 || !"=!<>:+-*/%&|^@".Contains(source[place - 1], StringComparison.Ordinal));

    private static int EndOfText(string source, int start)
    {
        var quote = source.AsSpan(start).StartsWith(new string(source[start], 3)) ? new string(source[start], 3) : source[start..(start + 1)];
        for (int place = start + quote.Length; place < source.Length; place++)
        {
            if (source[place] == '\\')
                place++;
            else if (string.CompareOrdinal(source, place, quote, 0, quote.Length) == 0)
                return place + quote.Length;
            else if (quote.Length == 1 && source[place] == '\n')
                return place; // not closed: the cell fails when it runs
        }
        return source.Length;
    }
}
