namespace Workbench.Registry;

/// <summary>The rule for names of models and aliases: they become folder names and URL segments.</summary>
internal static class ModelName
{
    private const int LongestName = 100;

    public static void Check(string name, string what = "model name")
    {
        if (name.Length is 0 or > LongestName || name[0] == '.' || !name.All(IsAllowed))
            throw new RegistryException(
                $"'{name}' is no {what}: use 1 to {LongestName} letters a-z, A-Z, digits, '-', '_' and '.', not starting with '.'.");
    }

    private static bool IsAllowed(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.';
}
