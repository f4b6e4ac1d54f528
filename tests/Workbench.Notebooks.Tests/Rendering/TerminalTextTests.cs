using Workbench.Notebooks.Rendering;

namespace Workbench.Notebooks.Tests.Rendering;

/// <summary>Expected texts are what xterm shows.</summary>
public sealed class TerminalTextTests
{
    [Theory]
    [InlineData("a\nb", "a\nb\n")]
    [InlineData("  0%\r 50%\r100%\ndone", "100%\ndone\n")] // a progress bar
    [InlineData("abcdef\rxy", "xycdef\n")] // a shorter text keeps what it does not cover
    [InlineData("abcdef\r\e[Kxy", "xy\n")]
    [InlineData("one\ntwo\e[A\rONE", "ONE\ntwo\n")] // nested bars go up
    [InlineData("ab\bc", "ac\n")]
    [InlineData("\e]0;title\atext", "text\n")]
    [InlineData("\e[?25lhidden cursor\e[?25h", "hidden cursor\n")]
    [InlineData("<b>&", "&lt;b&gt;&amp;\n")]
    [InlineData("cut \e[3", "cut \n")]
    public void ToHtml_ControlSequences_GiveWhatATerminalShows(string text, string expected) => Assert.Equal(expected, TerminalText.ToHtml(text));

    [Fact]
    public void ToHtml_Colours_BecomeSpans()
    {
        Assert.Equal("<span style=\"color:#B42318;font-weight:600;\">no</span> yes\n", TerminalText.ToHtml("\e[1;31mno\e[0m yes"));
        Assert.Equal("<span style=\"color:#0A0B0C;\">x\n</span>", TerminalText.ToHtml("\e[38;2;10;11;12mx"));
        Assert.Equal("<span style=\"color:#FF0000;\">x\n</span>", TerminalText.ToHtml("\e[38;5;196mx")); // xterm's table: 196 is pure red
    }

    [Fact]
    public void ToHtml_LongText_KeepsBothEndsAndSaysWhatIsMissing()
    {
        var html = TerminalText.ToHtml(string.Join('\n', Enumerable.Range(0, 20_000).Select(i => $"line {i:D5}")));

        Assert.StartsWith("line 00000\n", html, StringComparison.Ordinal);
        Assert.EndsWith("line 19999\n", html, StringComparison.Ordinal);
        // 11 characters a line: 3,636 fit into 40,000 and 1,818 into 20,000, so 14,546 lines are left out.
        Assert.Contains("160,006 characters (14,546 lines) are left out here", html, StringComparison.Ordinal);
    }

    [Fact]
    public void ToHtml_OneEnormousLine_IsCutInside()
    {
        var html = TerminalText.ToHtml(new string('a', 100_000));

        Assert.InRange(html.Length, 60_000, 60_300);
        Assert.Contains("40,000 characters are left out here", html, StringComparison.Ordinal);
    }
}
