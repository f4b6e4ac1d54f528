using System.Text.Json;
using System.Text.RegularExpressions;
using Workbench.Data;

namespace Workbench.Notebooks.Kernel.Languages;

/// <summary>A magic line such as <c>#!sql --name churners</c>: plain words and <c>--option value</c> pairs.</summary>
internal sealed partial record MagicOptions(string Magic, IReadOnlyList<string> Words, IReadOnlyDictionary<string, string> Values)
{
    /// <summary>A magic with nothing behind it.</summary>
    public static MagicOptions None(string magic) => new(magic, [], new Dictionary<string, string>());

    public static MagicOptions Parse(string line)
    {
        var tokens = Tokens(line.Trim());
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

    /// <summary>Options whose values a person gave when asked: taken as they are.</summary>
    public IReadOnlyList<string> Asked { get; init; } = [];

    /// <summary>The option's value, or null when it was not given.</summary>
    public string? this[string option] => Values.GetValueOrDefault(option);

    /// <summary>The option's value.</summary>
    /// <exception cref="ArgumentException">It was not given, or without a value.</exception>
    public string Required(string option) => this[option] is { Length: > 0 } value
        ? value
        : throw new ArgumentException($"#!{Magic} needs --{option} and a value behind it.");

    /// <summary>Refuses options that the magic does not have.</summary>
    /// <exception cref="ArgumentException">Names the option and the known ones.</exception>
    public void AllowOnly(params IReadOnlyList<string> options)
    {
        if (Values.Keys.FirstOrDefault(option => !options.Contains(option)) is { } unknown)
            throw new ArgumentException(
                $"#!{Magic} has no option '--{unknown}'.{Suggestion.DidYouMean(unknown, [.. options])} Known: {(options.Count == 0 ? "none" : string.Join(", ", options.Select(option => "--" + option)))}.");
    }

    // A JSON object or list is one token, quotes and all; else quotes only keep spaces together, as in @input:"Your name".
    private static List<string> Tokens(string line)
    {
        var tokens = new List<string>();
        for (int start = 0; start < line.Length;)
        {
            if (char.IsWhiteSpace(line[start]))
            {
                start++;
                continue;
            }
            int length = line[start] is '{' or '[' ? JsonLength(line[start..]) : 0;
            var text = length > 0 ? line.Substring(start, length) : Token().Match(line, start).Value;
            tokens.Add(length > 0 ? text : text.Replace("\"", "", StringComparison.Ordinal));
            start += text.Length;
        }
        return tokens;
    }

    private static int JsonLength(string text)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        var reader = new Utf8JsonReader(bytes, isFinalBlock: false, default);
        try
        {
            return !reader.Read() || !reader.TrySkip() ? 0 : System.Text.Encoding.UTF8.GetCharCount(bytes.AsSpan(0, (int)reader.BytesConsumed));
        }
        catch (JsonException)
        {
            return 0; // no JSON after all: words like any other
        }
    }

    [GeneratedRegex(@"\G(?:[^\s""]|""[^""]*""?)+")]
    private static partial Regex Token();
}
