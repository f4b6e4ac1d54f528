using System.Text.Json.Nodes;

namespace Workbench.LanguageModels;

/// <summary>The <c>pre_tokenizer</c> of tokenizer.json: cuts text into the words that the model sees.</summary>
internal static class PreTokenizers
{
    private const string Gpt2Words = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    /// <exception cref="FormatException">A part is not supported.</exception>
    public static Func<IEnumerable<TextPiece>, IEnumerable<TextPiece>> Read(JsonNode? json)
    {
        if (json is null)
            return pieces => pieces;
        switch ((string?)json["type"])
        {
            case "Sequence":
                return TokenizerReader.Chain(json["pretokenizers"], Read);
            case "ByteLevel":
                return ByteLevel((bool?)json["add_prefix_space"] ?? true, (bool?)json["use_regex"] ?? true);
            case "Split":
                var pattern = TokenPattern.Read(json["pattern"]);
                var behavior = Behavior((string?)json["behavior"]);
                bool invert = (bool?)json["invert"] ?? false;
                return pieces => pieces.SelectMany(piece => Split(piece, pattern, behavior, invert));
            case "Digits":
                var digits = new TokenPattern(@"\p{N}");
                var apart = (bool?)json["individual_digits"] ?? false ? SplitBehavior.Isolated : SplitBehavior.Contiguous;
                return pieces => pieces.SelectMany(piece => Split(piece, digits, apart, invert: false));
            case "WhitespaceSplit":
                var space = new TokenPattern(@"\s");
                return pieces => pieces.SelectMany(piece => Split(piece, space, SplitBehavior.Removed, invert: false));
            case "Metaspace":
                return Metaspace(json);
            case var other:
                throw new FormatException($"the pre_tokenizer {other} is not supported; supported are Sequence, ByteLevel, Split, Digits, WhitespaceSplit, Metaspace");
        }
    }

    /// <summary>Whether a Metaspace begins a text: <c>always</c>, <c>first</c> or <c>never</c>; older files have add_prefix_space.</summary>
    public static string PrependScheme(JsonNode json) => (string?)json["prepend_scheme"] ?? ((bool?)json["add_prefix_space"] ?? true ? "always" : "never") switch
    {
        var scheme => scheme is "always" or "first" or "never" ? scheme : throw new FormatException($"prepend_scheme {scheme} is not always, first or never"),
    };

    private static Func<IEnumerable<TextPiece>, IEnumerable<TextPiece>> ByteLevel(bool addPrefixSpace, bool useRegex)
    {
        var words = new TokenPattern(Gpt2Words);
        return pieces => pieces
            .Select(piece => addPrefixSpace && !piece.Text.StartsWith(' ') ? piece with { Text = " " + piece.Text } : piece)
            .SelectMany(piece => useRegex ? Split(piece, words, SplitBehavior.Isolated, invert: false) : [piece])
            .Select(piece => piece with { Text = ByteLetters.Encode(piece.Text) });
    }

    private static Func<IEnumerable<TextPiece>, IEnumerable<TextPiece>> Metaspace(JsonNode json)
    {
        string mark = (string?)json["replacement"] ?? "\u2581";
        string scheme = PrependScheme(json);
        bool split = (bool?)json["split"] ?? true;
        var marks = new TokenPattern(System.Text.RegularExpressions.Regex.Escape(mark));
        return pieces => pieces
            .Select(piece => piece with { Text = piece.Text.Replace(" ", mark, StringComparison.Ordinal) })
            .Select(piece => piece.Text.StartsWith(mark, StringComparison.Ordinal) || scheme == "never" || scheme == "first" && !piece.IsFirst
                ? piece : piece with { Text = mark + piece.Text })
            .SelectMany(piece => split ? Split(piece, marks, SplitBehavior.MergedWithNext, invert: false) : [piece]);
    }

    private static SplitBehavior Behavior(string? name) => Enum.TryParse(name, out SplitBehavior behavior) && $"{behavior}" == name
        ? behavior : throw new FormatException($"the behavior {name} of Split is not supported; supported are {string.Join(", ", Enum.GetNames<SplitBehavior>())}");

    private static IEnumerable<TextPiece> Split(TextPiece piece, TokenPattern pattern, SplitBehavior behavior, bool invert)
    {
        var stretches = Join(Stretches(piece.Text, pattern, invert), behavior);
        return stretches.Where(stretch => stretch.End > stretch.Start)
            .Select(stretch => new TextPiece(piece.Text[stretch.Start..stretch.End], piece.IsFirst && stretch.Start == 0));
    }

    /// <summary>Matches and what lies between them, covering the text.</summary>
    private static List<(int Start, int End, bool IsMatch)> Stretches(string text, TokenPattern pattern, bool invert)
    {
        var stretches = new List<(int Start, int End, bool IsMatch)>();
        int done = 0;
        foreach (var (start, end) in pattern.Matches(text))
        {
            if (start > done)
                stretches.Add((done, start, invert));
            stretches.Add((start, end, !invert));
            done = end;
        }
        if (done < text.Length)
            stretches.Add((done, text.Length, invert));
        return stretches;
    }

    private static IEnumerable<(int Start, int End)> Join(List<(int Start, int End, bool IsMatch)> stretches, SplitBehavior behavior)
    {
        switch (behavior)
        {
            case SplitBehavior.Removed:
                return stretches.Where(stretch => !stretch.IsMatch).Select(stretch => (stretch.Start, stretch.End));
            case SplitBehavior.Isolated:
                return stretches.Select(stretch => (stretch.Start, stretch.End));
            case SplitBehavior.MergedWithNext:
                return Enumerable.Reverse(Merged(Enumerable.Reverse(stretches), (one, before) => one.IsMatch && !before.IsMatch));
            case SplitBehavior.MergedWithPrevious:
                return Merged(stretches, (one, before) => one.IsMatch && !before.IsMatch);
            default:
                return Merged(stretches, (one, before) => one.IsMatch == before.IsMatch);
        }
    }

    /// <summary>Joins each stretch to the one before it where <paramref name="belongs"/> says so.</summary>
    private static List<(int Start, int End)> Merged(
        IEnumerable<(int Start, int End, bool IsMatch)> stretches,
        Func<(int Start, int End, bool IsMatch), (int Start, int End, bool IsMatch), bool> belongs)
    {
        var merged = new List<(int Start, int End)>();
        (int Start, int End, bool IsMatch)? before = null;
        foreach (var stretch in stretches)
        {
            if (before is { } last && belongs(stretch, last))
                merged[^1] = (Math.Min(merged[^1].Start, stretch.Start), Math.Max(merged[^1].End, stretch.End));
            else
                merged.Add((stretch.Start, stretch.End));
            before = stretch;
        }
        return merged;
    }
}
