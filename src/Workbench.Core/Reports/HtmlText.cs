using System.Text.Encodings.Web;

namespace Workbench.Reports;

/// <summary>Small pieces of HTML from values that are not to be trusted.</summary>
internal static class HtmlText
{
    // A sign besides the colour, for readers who do not see it.
    private static readonly string[] Signs = ["•", "✓", "!", "✕"];

    public static string Encode(string text) => HtmlEncoder.Default.Encode(text);

    public static string Badge(ReportStatus status, string text) =>
        $"""<span class="badge {status.ToString().ToLowerInvariant()}"><span aria-hidden="true">{Signs[(int)status]}</span> {Encode(text)}</span>""";

    public static string Link(string text, string target)
    {
        bool hasScheme = Uri.TryCreate(target, UriKind.Absolute, out var absolute);
        bool isRelative = target.Length > 0 && !hasScheme && !target.StartsWith('/') && !target.StartsWith('\\') && !BeforeSlash(target).Contains(':');
        if (!isRelative && !(hasScheme && absolute!.Scheme == Uri.UriSchemeHttps))
            throw new ArgumentException($"A report cannot link to '{target}'. Allowed: a path relative to the report, such as runs/7/log.txt, or an https address.", nameof(target));
        return $"""<a href="{Encode(isRelative ? string.Join('/', target.Replace('\\', '/').Split('/').Select(Uri.EscapeDataString)) : absolute!.AbsoluteUri)}" rel="noopener noreferrer">{Encode(text)}</a>""";
    }

    private static string BeforeSlash(string target) => target.Split('/')[0];
}
