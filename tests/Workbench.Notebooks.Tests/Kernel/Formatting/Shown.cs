using System.Text.RegularExpressions;
using Workbench.Notebooks.Kernel.Formatting;

namespace Workbench.Notebooks.Tests.Kernel.Formatting;

/// <summary>What a front end gets for a value.</summary>
internal static partial class Shown
{
    public static string Text(object? value) => OutputFormatter.Format(value).Data["text/plain"]!.ToString();

    public static string Html(object? value) => OutputFormatter.Format(value).Data["text/html"]?.ToString() ?? "";

    public static string[] Lines(object? value) => Text(value).Split('\n');

    /// <summary>The lines of a text table with its columns divided by one |.</summary>
    public static string[] Rows(object? value) => Lines(value).Select(line => Gap().Replace(line.Trim(), "|")).ToArray();

    [GeneratedRegex("  +")]
    private static partial Regex Gap();
}
