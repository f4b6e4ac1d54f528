using System.Globalization;
using System.Net;
using System.Text;

namespace Workbench.Notebooks.Rendering;

/// <summary>
/// Text as a terminal shows it: colours become spans, a carriage return writes over its line (progress bars), a backspace
/// over a character, and the cursor can go up. Other control sequences are dropped. A long text keeps its beginning and end.
/// </summary>
internal static class TerminalText
{
    /// <summary>Characters of the beginning that are always shown.</summary>
    public const int Head = 40_000;
    /// <summary>Characters of the end that are always shown.</summary>
    public const int Tail = 20_000;

    /// <summary>The text as HTML for a <c>pre</c> element.</summary>
    public static string ToHtml(string text)
    {
        var screen = new TerminalScreen();
        screen.Write(text);
        var lines = screen.Lines;
        while (lines.Count > 0 && lines[^1].Count == 0)
            lines.RemoveAt(lines.Count - 1);
        long total = lines.Sum(line => line.Count + 1L);
        if (total <= Head + Tail)
            return Html(screen, lines);
        int head = Take(lines, Head), tail = Take(Enumerable.Reverse(lines), Tail);
        if (head == 0 || tail == 0) // an enormous line begins or ends it: cut inside
            return CutLine(screen, lines);
        var middle = lines.GetRange(head, lines.Count - head - tail);
        return Html(screen, lines.GetRange(0, head)) + Note(middle.Sum(line => line.Count + 1L), middle.Count) + Html(screen, lines.GetRange(lines.Count - tail, tail));
    }

    private static int Take(IEnumerable<List<Glyph>> lines, int budget) =>
        lines.TakeWhile(line => (budget -= line.Count + 1) >= 0).Count();

    private static string CutLine(TerminalScreen screen, List<List<Glyph>> lines)
    {
        var all = lines.SelectMany((line, index) => index == 0 ? line : line.Prepend(Glyph.LineEnd)).ToList();
        return Html(screen, [all.GetRange(0, Head)]) + Note(all.Count - Head - Tail, 0) + Html(screen, [all.GetRange(all.Count - Tail, Tail)]);
    }

    private static string Note(long characters, int lines) => string.Create(CultureInfo.InvariantCulture,
        $"<span class=\"cut\">{characters:N0} characters{(lines > 0 ? $" ({lines:N0} lines)" : "")} are left out here; the notebook holds them.</span>");

    private static string Html(TerminalScreen screen, IEnumerable<List<Glyph>> lines)
    {
        var html = new StringBuilder();
        var run = new StringBuilder();
        int style = 0;
        foreach (var line in lines)
        {
            foreach (var glyph in line)
            {
                if (glyph.Style != style)
                    Close(html, run, screen.Styles[style]);
                style = glyph.Style;
                run.Append(glyph.Letter);
            }
            run.Append('\n');
        }
        Close(html, run, screen.Styles[style]);
        return html.ToString();
    }

    private static void Close(StringBuilder html, StringBuilder run, TerminalStyle style)
    {
        if (run.Length == 0)
            return;
        var text = WebUtility.HtmlEncode(run.ToString());
        html.Append(style.Css is { Length: > 0 } css ? $"<span style=\"{css}\">{text}</span>" : text);
        run.Clear();
    }
}
