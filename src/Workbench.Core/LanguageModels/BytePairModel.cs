using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Data;

namespace Workbench.LanguageModels;

/// <summary>
/// Byte-pair encoding (Sennrich et al. 2016, https://arxiv.org/abs/1508.07909): a word's characters are joined pair by
/// pair, the pair of the lowest rank first and of those the leftmost. Thread-safe.
/// </summary>
internal sealed class BytePairModel
{
    // Longer words repeat too seldom to be worth their memory.
    private const int LongestCachedWord = 64;
    private const int MostCachedWords = 50_000;

    private readonly Dictionary<string, int> _ids;
    private readonly Dictionary<int, string> _tokens;
    private readonly Dictionary<(int Left, int Right), (int Rank, int Joined)> _merges;
    private readonly int?[] _byteIds;
    private readonly ConcurrentDictionary<string, int[]> _cache = new();

    public BytePairModel(Dictionary<string, int> vocabulary, Dictionary<(int Left, int Right), (int Rank, int Joined)> merges)
    {
        (_ids, _merges) = (vocabulary, merges);
        _tokens = [];
        foreach (var (token, id) in vocabulary)
            _tokens[id] = token;
        _byteIds = Enumerable.Range(0, 256).Select(value => IdOf(string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>"))).ToArray();
    }

    /// <summary>Whether a word that is a token needs no merges.</summary>
    public bool IgnoresMerges { get; init; }
    /// <summary>Whether a character without a token becomes tokens of its bytes.</summary>
    public bool FallsBackToBytes { get; init; }
    /// <summary>The token of a character that has none; null drops the character.</summary>
    public int? Unknown { get; init; }
    /// <summary>Whether neighbouring unknown characters share one token.</summary>
    public bool FusesUnknown { get; init; }

    public int LargestId => _tokens.Count == 0 ? -1 : _tokens.Keys.Max();

    public int? IdOf(string token) => _ids.TryGetValue(token, out int id) ? id : null;

    public string? TokenOf(int id) => _tokens.GetValueOrDefault(id);

    /// <summary>Appends a word's ids.</summary>
    public void Encode(string word, List<int> ids)
    {
        if (word.Length == 0)
            return;
        if (word.Length > LongestCachedWord)
        {
            ids.AddRange(Encode(word));
            return;
        }
        if (!_cache.TryGetValue(word, out var known))
        {
            known = Encode(word);
            if (_cache.Count < MostCachedWords)
                _cache[word] = known;
        }
        ids.AddRange(known);
    }

    private int[] Encode(string word)
    {
        if (IgnoresMerges && IdOf(word) is { } whole)
            return [whole];
        var symbols = Symbols(word);
        return symbols.Count == 1 ? [symbols[0]] : Merge(symbols.ToArray());
    }

    private List<int> Symbols(string word)
    {
        var symbols = new List<int>(word.Length);
        bool unknownBefore = false;
        foreach (var rune in word.EnumerateRunes())
        {
            bool isUnknown = false;
            if (IdOf(rune.ToString()) is { } id)
                symbols.Add(id);
            else if (FallsBackToBytes && BytesOf(rune) is { } bytes)
                symbols.AddRange(bytes);
            else if (Unknown is { } unknown)
            {
                isUnknown = true;
                if (!unknownBefore || !FusesUnknown)
                    symbols.Add(unknown);
            }
            unknownBefore = isUnknown;
        }
        return symbols;
    }

    private List<int>? BytesOf(Rune rune)
    {
        Span<byte> bytes = stackalloc byte[4];
        var ids = new List<int>(4);
        foreach (byte value in bytes[..rune.EncodeToUtf8(bytes)])
            if (_byteIds[value] is { } id)
                ids.Add(id);
            else
                return null;
        return ids;
    }

    // Symbols are a linked list in arrays. A queued pair is stale when its left symbol was joined since.
    private int[] Merge(int[] symbols)
    {
        int count = symbols.Length;
        var next = new int[count];
        var previous = new int[count];
        for (int i = 0; i < count; i++)
            (next[i], previous[i]) = (i + 1 < count ? i + 1 : -1, i - 1);
        var queue = new PriorityQueue<(int Place, int Left, int Right, int Joined), (int Rank, int Place)>();
        void Offer(int place)
        {
            if (place >= 0 && next[place] >= 0 && _merges.TryGetValue((symbols[place], symbols[next[place]]), out var merge))
                queue.Enqueue((place, symbols[place], symbols[next[place]], merge.Joined), (merge.Rank, place));
        }
        for (int i = 0; i < count; i++)
            Offer(i);
        while (queue.TryDequeue(out var pair, out _))
        {
            int right = next[pair.Place];
            if (symbols[pair.Place] != pair.Left || right < 0 || symbols[right] != pair.Right)
                continue;
            symbols[pair.Place] = pair.Joined;
            symbols[right] = -1;   // no id: whatever waits for it is stale
            next[pair.Place] = next[right];
            if (next[right] >= 0)
                previous[next[right]] = pair.Place;
            Offer(previous[pair.Place]);
            Offer(pair.Place);
        }
        return symbols.Where(symbol => symbol >= 0).ToArray();
    }

    /// <summary>Reads the <c>model</c> of a tokenizer.json.</summary>
    public static BytePairModel Read(JsonObject json, string origin)
    {
        var vocabulary = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (token, id) in json["vocab"] as JsonObject ?? throw Wrong(origin, "model.vocab is missing"))
            vocabulary[token] = id?.GetValueKind() == JsonValueKind.Number ? (int)id : throw Wrong(origin, $"model.vocab['{token}'] is no number");
        foreach (string affix in new[] { "continuing_subword_prefix", "end_of_word_suffix" })
            if (!string.IsNullOrEmpty((string?)json[affix]))
                throw Wrong(origin, $"model.{affix} is '{json[affix]}', which is not supported");
        if (json["dropout"] is JsonValue dropout && dropout.TryGetValue(out double share) && share > 0)
            throw Wrong(origin, $"model.dropout is {share}, which makes ids random; set it to null");
        string? unknown = (string?)json["unk_token"];
        return new(vocabulary, Merges(json["merges"] as JsonArray ?? throw Wrong(origin, "model.merges is missing"), vocabulary, origin))
        {
            IgnoresMerges = (bool?)json["ignore_merges"] ?? false,
            FallsBackToBytes = (bool?)json["byte_fallback"] ?? false,
            FusesUnknown = (bool?)json["fuse_unk"] ?? false,
            Unknown = unknown is null ? null : vocabulary.TryGetValue(unknown, out int id2) ? id2 : throw Wrong(origin, $"model.unk_token '{unknown}' is not in the vocabulary"),
        };
    }

    private static Dictionary<(int Left, int Right), (int Rank, int Joined)> Merges(JsonArray list, Dictionary<string, int> vocabulary, string origin)
    {
        var merges = new Dictionary<(int Left, int Right), (int Rank, int Joined)>(list.Count);
        for (int rank = 0; rank < list.Count; rank++)
        {
            // "a b", or ["a", "b"] where a token has a space in it.
            string[] pair = list[rank] is JsonArray two ? two.Select(part => $"{part}").ToArray() : $"{list[rank]}".Split(' ');
            if (pair.Length != 2 || !vocabulary.TryGetValue(pair[0], out int left) || !vocabulary.TryGetValue(pair[1], out int right)
                || !vocabulary.TryGetValue(pair[0] + pair[1], out int joined))
                throw Wrong(origin, $"model.merges[{rank}] is {list[rank]?.ToJsonString()}, which does not join two tokens of the vocabulary to a third");
            merges[(left, right)] = (rank, joined);   // of two, the later counts, as in the reference implementation
        }
        return merges;
    }

    private static DataException Wrong(string origin, string what) =>
        new($"'{origin}' cannot be followed: {what}. Fetch the tokenizer again, or choose a model with another one.") { Origin = origin };
}
