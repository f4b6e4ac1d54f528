using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Workbench.Notebooks.Rendering;

/// <summary>Colours comments, strings, numbers and keywords of the languages that our notebooks hold. Other languages stay plain.</summary>
internal static class CodeHighlighter
{
    private const int LongestSource = 200_000;
    private const string Number = @"(?<n>\b\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?[A-Za-z]*\b)";
    private const string Magic = @"(?<m>^(?:#!|%)[^\n]*)";
    private const string DoubleQuoted = @"""(?:\\.|[^""\\\n])*""?";

    private static readonly Dictionary<string, Regex> Languages = new()
    {
        ["csharp"] = Create(
            @"(?<c>//[^\n]*|/\*(?:[^*]|\*+[^*/])*\*+/)",
            $@"(?<s>\$*""""""(?:[^""]|""[^""]|""""[^""])*""""""|(?:\$@|@\$|@)""(?:""""|[^""])*""|\$?{DoubleQuoted}|'(?:\\.[^'\n]*|[^'\\\n])')",
            "abstract as async await base bool break byte case catch char checked class const continue decimal default delegate do double else enum event explicit extern false finally fixed float for foreach get goto if implicit in init int interface internal is lock long nameof namespace new not null object operator or and out override params partial private protected public readonly record ref required return sbyte sealed set short sizeof stackalloc static string struct switch this throw true try typeof uint ulong unchecked unsafe ushort using var virtual void volatile when where while with yield nint nuint global dynamic"),
        ["fsharp"] = Create(
            @"(?<c>//[^\n]*|\(\*(?:[^*]|\*+[^*)])*\*+\))",
            $@"(?<s>\$*""""""(?:[^""]|""[^""]|""""[^""])*""""""|@""(?:""""|[^""])*""|\$?{DoubleQuoted}|'(?:\\.|[^'\\\n])')",
            "abstract and as assert async base begin class default delegate do done downcast downto elif else end exception extern false finally fixed for fun function global if in inherit inline interface internal lazy let match member module mutable namespace new not null of open or override private public rec return static struct task then to true try type upcast use val void when while with yield"),
        ["python"] = Create(
            @"(?<c>#[^\n]*)",
            $@"(?<s>[rRbBfFuU]{{0,2}}(?:""""""(?:[^""]|""[^""]|""""[^""])*""""""|'''(?:[^']|'[^']|''[^'])*'''|{DoubleQuoted}|'(?:\\.|[^'\\\n])*'?))",
            "False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield match case"),
        ["sql"] = Create(
            @"(?<c>--[^\n]*|/\*(?:[^*]|\*+[^*/])*\*+/)",
            @"(?<s>'(?:''|[^'])*')",
            "all alter and any as asc between by case cast copy create cross current date delete desc describe distinct drop else end except exists extract false filter first following from full group having if ilike in inner insert intersect interval into is join last lateral left like limit not null nulls offset on or order outer over partition pivot preceding qualify range recursive replace returning right rows sample select set show summarize table temp temporary then timestamp to true union unnest unpivot update using values view when where window with",
            RegexOptions.IgnoreCase),
    };

    private static readonly (string Group, string Class)[] Classes = [("m", "hm"), ("c", "hc"), ("s", "hs"), ("n", "hn"), ("k", "hk")];

    /// <summary>The source as HTML.</summary>
    public static string ToHtml(string source, string language)
    {
        if (source.Length > LongestSource || !Languages.TryGetValue(language, out var pattern))
            return WebUtility.HtmlEncode(source);
        var html = new StringBuilder();
        int end = 0;
        foreach (Match match in pattern.Matches(source))
        {
            html.Append(WebUtility.HtmlEncode(source[end..match.Index]));
            var (_, name) = Classes.First(pair => match.Groups[pair.Group].Success);
            html.Append($"<span class=\"{name}\">{WebUtility.HtmlEncode(match.Value)}</span>");
            end = match.Index + match.Length;
        }
        return html.Append(WebUtility.HtmlEncode(source[end..])).ToString();
    }

    // Without backtracking, so that no source of a stranger takes more than linear time.
    private static Regex Create(string comment, string text, string keywords, RegexOptions options = RegexOptions.None) =>
        new($@"{Magic}|{comment}|{text}|{Number}|(?<k>\b(?:{keywords.Replace(' ', '|')})\b)", options | RegexOptions.Multiline | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant);
}
