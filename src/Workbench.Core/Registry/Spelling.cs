using Workbench.Data;

namespace Workbench.Registry;

/// <summary>The end of a message about an unknown name: the nearest known name, and all that are known.</summary>
internal static class Spelling
{
    private const int ListedNames = 20;

    public static string Suggest(string value, IReadOnlyCollection<string> known)
    {
        if (known.Count == 0)
            return "None is known yet.";
        var listed = string.Join(", ", known.Take(ListedNames)) + (known.Count > ListedNames ? $" and {known.Count - ListedNames} more" : "");
        return $"{Suggestion.DidYouMean(value, known)} Known: {listed}.".TrimStart();
    }
}
