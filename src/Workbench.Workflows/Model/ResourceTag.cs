namespace Workbench.Workflows.Model;

/// <summary>Names of what steps need and hosts have only so many of, such as <c>gpu</c>.</summary>
internal static class ResourceTag
{
    public const string Allowed = "letters, digits, dashes, dots and underscores, at most 60";

    public static bool IsValid(string text) => text.Length is >= 1 and <= 60 && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '_');
}
