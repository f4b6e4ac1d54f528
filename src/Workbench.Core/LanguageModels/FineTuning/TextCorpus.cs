using Workbench.Data;
using Workbench.Features;

namespace Workbench.LanguageModels.FineTuning;

/// <summary>Documents to learn from, and others, held out, to judge by.</summary>
public sealed record TextCorpus
{
    private static readonly string[] TextEndings = [".txt", ".text", ".md"];
    private static readonly string[] JsonEndings = [".jsonl", ".ndjson"];

    /// <summary>To learn from.</summary>
    public required IReadOnlyList<TextDocument> Training { get; init; }
    /// <summary>To judge by.</summary>
    public required IReadOnlyList<TextDocument> HeldOut { get; init; }

    /// <summary>
    /// Reads text or JSON lines. Each piece, a JSON line's document or a text's paragraph (its line, where no line is
    /// empty), goes to one side by the hash of its text: pieces that are equal are never on both, and the split is the same
    /// in every run. The paragraphs of a side are one document again.
    /// </summary>
    /// <param name="path">A file ending in .txt, .text or .md, or in .jsonl or .ndjson with <c>text</c>, <c>prompt</c> and <c>completion</c>, or <c>messages</c>.</param>
    /// <param name="heldOut">Share held out, in (0, 1); default 0.1.</param>
    /// <param name="salt">Another text gives another, equally stable split.</param>
    /// <param name="template">For conversations; null is <see cref="ChatTemplate.Plain"/>.</param>
    /// <exception cref="DataException">The file is missing, a line is no document, or one side would be empty.</exception>
    public static TextCorpus Read(string path, double heldOut = 0.1, string salt = "", ChatTemplate? template = null)
    {
        if (!(heldOut > 0 && heldOut < 1))
            throw new ArgumentOutOfRangeException(nameof(heldOut), heldOut, "The share held out must lie between 0 and 1, both excluded.");
        if (!File.Exists(path))
            throw new DataException($"'{path}' is missing. Name a file with text ({string.Join(", ", TextEndings)}) or JSON lines ({string.Join(", ", JsonEndings)}).") { Origin = path };
        string ending = Path.GetExtension(path).ToLowerInvariant();
        var corpus = JsonEndings.Contains(ending) ? OfDocuments(JsonLines.Read(path, template ?? ChatTemplate.Plain).ToList(), heldOut, salt)
            : TextEndings.Contains(ending) ? OfText(File.ReadAllText(path), heldOut, salt)
            : throw new DataException($"'{path}' ends in '{ending}'; known are {string.Join(", ", TextEndings)} for text and {string.Join(", ", JsonEndings)} for JSON lines.") { Origin = path, Value = ending };
        return corpus.Training.Count > 0 && corpus.HeldOut.Count > 0 ? corpus : throw new DataException(
            $"Splitting '{path}' leaves {(corpus.Training.Count == 0 ? "nothing to learn from" : "nothing held out")}. Give more pieces (lines, paragraphs or JSON lines), or change the share held out ({heldOut}).")
        { Origin = path };
    }

    /// <summary>The documents as token ids.</summary>
    public TokenCorpus Encode(Tokenizer tokenizer) => new()
    {
        Training = Training.Select(document => TokenDocument.Encode(document, tokenizer)).ToList(),
        HeldOut = HeldOut.Select(document => TokenDocument.Encode(document, tokenizer)).ToList(),
    };

    private static TextCorpus OfDocuments(IReadOnlyList<TextDocument> documents, double heldOut, string salt)
    {
        var sides = documents.ToLookup(document => TabularSplit.Position(document.Text, salt) < heldOut);
        return new() { Training = [.. sides[false]], HeldOut = [.. sides[true]] };
    }

    private static TextCorpus OfText(string text, double heldOut, string salt)
    {
        string whole = text.ReplaceLineEndings("\n");
        string separator = whole.TrimEnd('\n').Contains("\n\n", StringComparison.Ordinal) ? "\n\n" : "\n";
        var sides = whole.Split(separator).Where(piece => !string.IsNullOrWhiteSpace(piece)).ToLookup(piece => TabularSplit.Position(piece, salt) < heldOut, piece => piece + separator);
        return new() { Training = Joined(sides[false]), HeldOut = Joined(sides[true]) };
    }

    private static IReadOnlyList<TextDocument> Joined(IEnumerable<string> pieces) => string.Concat(pieces) is { Length: > 0 } text ? [TextDocument.Of(text)] : [];
}
