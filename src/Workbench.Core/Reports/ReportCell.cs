using System.Globalization;

namespace Workbench.Reports;

/// <summary>A table cell: text, a number (set to the right), a badge, or a link to a file beside the report. Text converts by itself.</summary>
public sealed record ReportCell
{
    private ReportCell(string html, bool isNumber = false)
    {
        Html = html;
        IsNumber = isNumber;
    }

    internal string Html { get; }
    internal bool IsNumber { get; }

    /// <summary>Plain text; any markup in it is shown as it is written.</summary>
    public static ReportCell Text(string? text) => new(HtmlText.Encode(text ?? ""));

    /// <summary>A number in an invariant format such as N0, F3, P1 or G3; null gives a dash.</summary>
    public static ReportCell Number(double? value, string format = "G4") =>
        new(value is { } number ? HtmlText.Encode(number.ToString(format, CultureInfo.InvariantCulture)) : "–", isNumber: true);

    /// <summary>A coloured word.</summary>
    public static ReportCell Badge(ReportStatus status, string text) => new(HtmlText.Badge(status, text));

    /// <summary>A link.</summary>
    /// <exception cref="ArgumentException">The target is neither a relative path nor an https address.</exception>
    public static ReportCell Link(string text, string target) => new(HtmlText.Link(text, target));

    /// <summary>Markup that is encoded already.</summary>
    internal static ReportCell Markup(string html) => new(html);

    /// <summary>Same as <see cref="Text"/>.</summary>
    public static implicit operator ReportCell(string? text) => Text(text);
}
