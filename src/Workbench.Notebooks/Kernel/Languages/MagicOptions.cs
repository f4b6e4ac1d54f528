using System.Text.RegularExpressions;

namespace Workbench.Notebooks.Kernel.Languages;

/// <summary>A magic line such as <c>#!sql --name churners</c>: plain words and <c>--option value</c> pairs.</summary>
internal sealed partial record MagicOptions(string Magic, IReadOnlyList<string> Words, IReadOnlyDictionary<string, string> Values)
{
    public static MagicOptions Parse(string line)
    {
        var tokens = Token().Matches(line.Trim()).Select(match => match.Groups[1].Success ? match.Groups[1].Value : match.Value).ToList();
        var words = new List<string>();
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int index = 1; index < tokens.Count; index++)
        {
            if (!tokens[index].StartsWith("--", StringComparison.Ordinal))
                words.Add(tokens[index]);
            else if (index + 1 < tokens.Count && !tokens[index + 1].StartsWith("--", StringComparison.Ordinal))
                values[tokens[index][2..]] = tokens[++index];
            else
                values[tokens[index][2..]] = "";
        }
        return new(tokens[0][2..], words, values);
    }

    /// <summary>Refuses options that the magic does not have.</summary>
    /// <exception cref="ArgumentException">Names the option and the known ones.</exception>
    public void AllowOnly(params string[] options)
    {
        if (Values.Keys.FirstOrDefault(option => !options.Contains(option)) is { } unknown)
            throw new ArgumentException($"#!{Magic} has no option '--{unknown}'. Known: {(options.Length == 0 ? "none" : string.Join(", ", options.Select(option => "--" + option)))}.");
    }

    [GeneratedRegex(@"""([^""]*)""|\S+")]
    private static partial Regex Token();
}
