using System.Text.Json.Nodes;
using Workbench.Core.Tests.Data;
using Workbench.LanguageModels;

namespace Workbench.Core.Tests.LanguageModels;

/// <summary>Small tokenizer.json contents of the forms that models are published with, over merges learnt from the chat sample.</summary>
internal static class SampleTokenizers
{
    private const string Llama3Words =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string Qwen2Words =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string Foreign = " Größe naïve café 東京 価格 привет мир 12345 3.14 don't we'll\n\n  x = y;\tz ▁ é — “quoted” 👍🏽 𠀀𠀁";

    public static IReadOnlyDictionary<string, JsonObject> All { get; } = new Dictionary<string, JsonObject>
    {
        ["gpt2"] = ByteLevel("null", """{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true}""", special: "<|endoftext|>", isBegin: false),
        ["gpt2-prefix-space"] = ByteLevel("null", """{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true}""", special: "<|endoftext|>", isBegin: false),
        ["llama3"] = ByteLevel("null", Words(Llama3Words), special: "<|begin_of_text|>", isBegin: true, ignoreMerges: true),
        ["qwen2"] = ByteLevel("""{"type":"NFC"}""", Words(Qwen2Words), special: "<|im_start|>", isBegin: false),
        ["splits"] = ByteLevel("null", """
            {"type":"Sequence","pretokenizers":[
              {"type":"Split","pattern":{"String":"."},"behavior":"MergedWithPrevious","invert":false},
              {"type":"Split","pattern":{"String":"("},"behavior":"MergedWithNext","invert":false},
              {"type":"Split","pattern":{"Regex":"[!?]"},"behavior":"Contiguous","invert":false},
              {"type":"Split","pattern":{"Regex":"[^;]+"},"behavior":"Removed","invert":true},
              {"type":"Digits","individual_digits":true},
              {"type":"WhitespaceSplit"},
              {"type":"ByteLevel","add_prefix_space":false,"trim_offsets":false,"use_regex":false}]}
            """, special: "<cut>", isBegin: false),
        ["llama2"] = SentencePiece(
            """{"type":"Sequence","normalizers":[{"type":"Prepend","prepend":"▁"},{"type":"Replace","pattern":{"String":" "},"content":"▁"}]}""", "null",
            """{"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"▁"},"content":" "},{"type":"ByteFallback"},{"type":"Fuse"},{"type":"Strip","content":" ","start":1,"stop":0}]}""",
            bytes: true),
        ["metaspace-first"] = SentencePiece("null", """{"type":"Metaspace","replacement":"▁","prepend_scheme":"first","split":false}""",
            """{"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"▁"},"content":" "},{"type":"ByteFallback"},{"type":"Fuse"},{"type":"Strip","content":" ","start":1,"stop":0}]}""",
            bytes: true),
        ["metaspace-always"] = SentencePiece("null", """{"type":"Metaspace","replacement":"▁","prepend_scheme":"always","split":true}""",
            """{"type":"Metaspace","replacement":"▁","prepend_scheme":"always","split":true}""", bytes: false),
    };

    private static string Words(string regex) => new JsonObject
    {
        ["type"] = "Sequence",
        ["pretokenizers"] = new JsonArray(
            new JsonObject { ["type"] = "Split", ["pattern"] = new JsonObject { ["Regex"] = regex }, ["behavior"] = "Isolated", ["invert"] = false },
            JsonNode.Parse("""{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":false,"use_regex":false}""")),
    }.ToJsonString();

    private static JsonObject ByteLevel(string normalizer, string preTokenizer, string special, bool isBegin, bool ignoreMerges = false)
    {
        var pre = PreTokenizers.Read(JsonNode.Parse(preTokenizer));
        var words = pre([new(Text(), true)]).Select(piece => piece.Text);
        return Json(normalizer, preTokenizer, """{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true}""",
            ByteLetters.All.Select(letter => $"{letter}").ToList(), words, [special], isBegin ? special : null,
            new() { ["ignore_merges"] = ignoreMerges, ["byte_fallback"] = false, ["fuse_unk"] = false, ["unk_token"] = null });
    }

    private static JsonObject SentencePiece(string normalizer, string preTokenizer, string decoder, bool bytes)
    {
        var vocabulary = new List<string> { "<unk>", "<s>", "</s>" };
        if (bytes)
            vocabulary.AddRange(Enumerable.Range(0, 256).Select(value => $"<0x{value:X2}>"));
        string text = Text().Replace(' ', '▁');
        vocabulary.AddRange(text.EnumerateRunes().Where(rune => rune.IsBmp && rune.Value != '東' && rune.Value != '\n').Select(rune => rune.ToString()).Distinct());
        return Json(normalizer, preTokenizer, decoder, vocabulary, text.Split('▁').Select(word => "▁" + word), ["<s>", "</s>"], "<s>",
            new() { ["ignore_merges"] = false, ["byte_fallback"] = bytes, ["fuse_unk"] = true, ["unk_token"] = "<unk>" });
    }

    private static string Text() => string.Concat(File.ReadLines(Path.Combine(SampleFolder.Root, "data", "samples", "chat", "year-a.txt")).Take(150).Select(line => line + "\n")) + Foreign;

    private static JsonObject Json(
        string normalizer, string preTokenizer, string decoder, List<string> vocabulary, IEnumerable<string> words, string[] specials, string? begin, JsonObject model)
    {
        var merges = new JsonArray();
        foreach (var (left, right) in Merges(words, vocabulary.ToHashSet(), count: 300))
        {
            merges.Add(new JsonArray(left, right));
            vocabulary.Add(left + right);
        }
        model["type"] = "BPE";
        model["dropout"] = null;
        model["continuing_subword_prefix"] = null;
        model["end_of_word_suffix"] = null;
        model["vocab"] = new JsonObject(vocabulary.Concat(specials).Distinct().Select((token, id) => KeyValuePair.Create(token, (JsonNode?)id)));
        model["merges"] = merges;
        var vocab = (JsonObject)model["vocab"]!;
        int next = vocab.Count;
        var added = new JsonArray(specials.Select(content => Added((int)vocab[content]!, content, special: true)).ToArray<JsonNode>());
        added.Add(Added(next, "<tool>", special: false, normalized: true));
        added.Add(Added(next + 1, "<left>", special: true, strips: "lstrip"));
        added.Add(Added(next + 2, "<right>", special: true, strips: "rstrip"));
        added.Add(Added(next + 3, "wholeword", special: false, strips: "single_word"));
        added.Add(Added(next + 4, "<tool>er", special: false));
        return new()
        {
            ["version"] = "1.0", ["truncation"] = null, ["padding"] = null, ["added_tokens"] = added,
            ["normalizer"] = JsonNode.Parse(normalizer), ["pre_tokenizer"] = JsonNode.Parse(preTokenizer), ["decoder"] = JsonNode.Parse(decoder), ["model"] = model,
            ["post_processor"] = begin is null ? JsonNode.Parse("""{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":false,"use_regex":true}""") : Template(begin, (int)vocab[begin]!),
        };
    }

    private static JsonObject Added(int id, string content, bool special, bool normalized = false, string? strips = null)
    {
        var token = new JsonObject
        {
            ["id"] = id, ["content"] = content, ["single_word"] = false, ["lstrip"] = false, ["rstrip"] = false, ["normalized"] = normalized, ["special"] = special,
        };
        if (strips is not null)
            token[strips] = true;
        return token;
    }

    private static JsonObject Template(string begin, int id) => new()
    {
        ["type"] = "TemplateProcessing",
        ["single"] = new JsonArray(
            new JsonObject { ["SpecialToken"] = new JsonObject { ["id"] = begin, ["type_id"] = 0 } }, new JsonObject { ["Sequence"] = new JsonObject { ["id"] = "A", ["type_id"] = 0 } }),
        ["pair"] = new JsonArray(
            new JsonObject { ["Sequence"] = new JsonObject { ["id"] = "A", ["type_id"] = 0 } }, new JsonObject { ["Sequence"] = new JsonObject { ["id"] = "B", ["type_id"] = 1 } }),
        ["special_tokens"] = new JsonObject { [begin] = new JsonObject { ["id"] = begin, ["ids"] = new JsonArray(id), ["tokens"] = new JsonArray(begin) } },
    };

    /// <summary>The most frequent pairs, counted anew after each merge; slow and plain.</summary>
    private static List<(string Left, string Right)> Merges(IEnumerable<string> words, HashSet<string> letters, int count)
    {
        var open = words.GroupBy(word => word).Select(word => (Symbols: word.Key.EnumerateRunes().Select(rune => rune.ToString()).ToList(), Count: word.Count())).ToList();
        var merges = new List<(string Left, string Right)>();
        while (merges.Count < count)
        {
            var best = open.SelectMany(word => word.Symbols.Zip(word.Symbols.Skip(1)).Where(pair => letters.Contains(pair.First) && letters.Contains(pair.Second))
                    .Select(pair => (pair, word.Count)))
                .GroupBy(one => one.pair, one => one.Count).Select(pair => (pair.Key, Count: pair.Sum()))
                .OrderByDescending(pair => pair.Count).ThenBy(pair => pair.Key.First + pair.Key.Second, StringComparer.Ordinal).FirstOrDefault();
            if (best.Count < 2)
                break;
            var (left, right) = best.Key;
            merges.Add((left, right));
            letters.Add(left + right);
            foreach (var (symbols, _) in open)
                for (int i = 0; i + 1 < symbols.Count; i++)
                    if (symbols[i] == left && symbols[i + 1] == right)
                    {
                        symbols[i] += right;
                        symbols.RemoveAt(i + 1);
                    }
        }
        return merges;
    }
}
