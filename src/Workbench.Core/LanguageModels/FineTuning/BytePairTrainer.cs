using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Workbench.LanguageModels.FineTuning;

/// <summary>
/// Learns a byte-level byte-pair vocabulary as GPT-2 has one (Sennrich et al. 2016; Radford et al. 2019): texts are cut into
/// words, words into bytes, and the most frequent neighbours become a token, again and again. Of equally frequent pairs the
/// one of lower ids comes first, as in Hugging Face's trainer, so that the same texts give the same file.
/// </summary>
public static class BytePairTrainer
{
    private static readonly JsonObject PreTokenizer = new() { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["trim_offsets"] = true, ["use_regex"] = true };

    /// <summary>Learns from texts. Its files, written with <see cref="Tokenizer.Save"/>, are read by Hugging Face's tokenizers too.</summary>
    /// <param name="texts">The texts, each on its own: no token reaches from one into the next.</param>
    /// <param name="training">How.</param>
    /// <param name="cancellationToken">Ends the learning.</param>
    /// <exception cref="ArgumentException">The vocabulary is too small for the alphabet and the special tokens, or an option is out of range.</exception>
    public static Tokenizer Train(IEnumerable<string> texts, BytePairTraining? training = null, CancellationToken cancellationToken = default)
    {
        training ??= new();
        ArgumentOutOfRangeException.ThrowIfLessThan(training.MinimumFrequency, 1, nameof(training));
        if (training.EndToken is { } end && !training.SpecialTokens.Contains(end))
            throw new ArgumentException($"The end token '{end}' is none of the special tokens: {string.Join(", ", training.SpecialTokens)}. Add it to them.", nameof(training));
        var words = Words(texts, cancellationToken);
        var letters = Alphabet(words.Keys, training);
        var tokens = training.SpecialTokens.Concat(letters.Select(letter => letter.ToString())).ToList();
        if (tokens.Count > training.VocabularySize)
            throw new ArgumentException(
                $"A vocabulary of {training.VocabularySize} tokens was asked for; {letters.Count} letters and {training.SpecialTokens.Count} special tokens take {tokens.Count}. Ask for at least that many.", nameof(training));
        var ids = letters.Select((letter, i) => (letter, Id: training.SpecialTokens.Count + i)).ToDictionary(pair => pair.letter, pair => pair.Id);
        var learner = new BytePairLearner(words.Select(word => (word.Key.Select(letter => ids[letter]).ToArray(), word.Value)));
        var merges = learner.Learn(tokens, training.VocabularySize, training.MinimumFrequency, cancellationToken);
        return Tokenizer.FromJson(Json(tokens, merges, training), Settings(training));
    }

    /// <summary>How often each word occurs, spelled in byte letters, in the order of first occurrence.</summary>
    private static Dictionary<string, long> Words(IEnumerable<string> texts, CancellationToken cancellationToken)
    {
        var cut = PreTokenizers.Read(PreTokenizer);
        var words = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (string text in texts)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var piece in cut([new(text, true)]))
                CollectionsMarshal.GetValueRefOrAddDefault(words, piece.Text, out _)++;
        }
        return words;
    }

    private static List<char> Alphabet(IEnumerable<string> words, BytePairTraining training) =>
        (training.IsAlphabetOfTexts ? words.SelectMany(word => word).Distinct() : ByteLetters.All).Order().ToList();

    private static JsonObject Json(IReadOnlyList<string> tokens, IReadOnlyList<(string Left, string Right)> merges, BytePairTraining training) => new()
    {
        ["version"] = "1.0",
        ["truncation"] = null,
        ["padding"] = null,
        ["added_tokens"] = new JsonArray(training.SpecialTokens.Select((token, id) => (JsonNode?)new JsonObject
        {
            ["id"] = id, ["content"] = token, ["single_word"] = false, ["lstrip"] = false, ["rstrip"] = false, ["normalized"] = false, ["special"] = true,
        }).ToArray()),
        ["normalizer"] = null,
        ["pre_tokenizer"] = PreTokenizer.DeepClone(),
        ["post_processor"] = ByteLevel(),
        ["decoder"] = ByteLevel(),
        ["model"] = new JsonObject
        {
            ["type"] = "BPE", ["dropout"] = null, ["unk_token"] = null, ["continuing_subword_prefix"] = null, ["end_of_word_suffix"] = null,
            ["fuse_unk"] = false, ["byte_fallback"] = false, ["ignore_merges"] = false,
            ["vocab"] = new JsonObject(tokens.Select((token, id) => KeyValuePair.Create(token, (JsonNode?)id))),
            ["merges"] = new JsonArray(merges.Select(merge => (JsonNode?)$"{merge.Left} {merge.Right}").ToArray()),
        },
    };

    private static JsonObject ByteLevel() => new() { ["type"] = "ByteLevel", ["add_prefix_space"] = true, ["trim_offsets"] = false, ["use_regex"] = true };

    private static JsonObject Settings(BytePairTraining training)
    {
        var settings = new JsonObject { ["tokenizer_class"] = "PreTrainedTokenizerFast", ["add_prefix_space"] = false, ["clean_up_tokenization_spaces"] = false };
        if (training.EndToken is { } end)
            settings["eos_token"] = end;
        return settings;
    }
}
