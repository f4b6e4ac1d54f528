using System.Runtime.InteropServices;

namespace Workbench.LanguageModels.FineTuning;

/// <summary>
/// Counts neighbours once and then keeps the counts current: a merge touches only the words that hold its pair. Pairs wait
/// in a heap by count; an entry whose count is no longer true is put back with the true one when it comes up.
/// </summary>
internal sealed class BytePairLearner
{
    private readonly List<(int[] Symbols, long Count)> _words;
    private readonly Dictionary<(int Left, int Right), long> _counts = [];
    private readonly Dictionary<(int Left, int Right), HashSet<int>> _places = [];
    private readonly PriorityQueue<((int Left, int Right) Pair, long Count), (long Count, int Left, int Right)> _queue = new();

    /// <param name="words">Each word once, as the ids of its letters, and how often it occurs.</param>
    public BytePairLearner(IEnumerable<(int[] Symbols, long Count)> words)
    {
        _words = words.ToList();
        for (int word = 0; word < _words.Count; word++)
            for (int i = 1; i < _words[word].Symbols.Length; i++)
                Add((_words[word].Symbols[i - 1], _words[word].Symbols[i]), _words[word].Count, word);
        foreach (var (pair, count) in _counts)
            Offer(pair, count);
    }

    /// <summary>Appends learned tokens to <paramref name="tokens"/> and returns what each joins, in order.</summary>
    public IReadOnlyList<(string Left, string Right)> Learn(List<string> tokens, int vocabularySize, int minimumFrequency, CancellationToken cancellationToken)
    {
        var ids = tokens.Select((token, id) => (token, id)).ToDictionary(pair => pair.token, pair => pair.id, StringComparer.Ordinal);
        var merges = new List<(string Left, string Right)>();
        while (tokens.Count < vocabularySize && _queue.TryDequeue(out var top, out _))
        {
            cancellationToken.ThrowIfCancellationRequested();
            long count = _counts.GetValueOrDefault(top.Pair);
            if (count != top.Count)
            {
                Offer(top.Pair, count);
                continue;
            }
            if (count < minimumFrequency)
                break;
            var (left, right) = (tokens[top.Pair.Left], tokens[top.Pair.Right]);
            merges.Add((left, right));
            // Two ways may lead to one text; the token is then there already, and the merge counts all the same.
            if (!ids.TryGetValue(left + right, out int joined))
            {
                joined = ids[left + right] = tokens.Count;
                tokens.Add(left + right);
            }
            Merge(top.Pair, joined);
        }
        return merges;
    }

    private void Merge((int Left, int Right) pair, int joined)
    {
        var changed = new HashSet<(int Left, int Right)>();
        foreach (int word in _places[pair])
        {
            var (symbols, count) = _words[word];
            var merged = Merged(symbols, pair, joined);
            for (int i = 1; i < symbols.Length; i++)
                Add((symbols[i - 1], symbols[i]), -count, null);
            for (int i = 1; i < merged.Length; i++)
            {
                Add((merged[i - 1], merged[i]), count, word);
                if (merged[i - 1] == joined || merged[i] == joined)
                    changed.Add((merged[i - 1], merged[i]));
            }
            _words[word] = (merged, count);
        }
        _counts.Remove(pair);
        _places.Remove(pair);
        foreach (var other in changed)
            Offer(other, _counts.GetValueOrDefault(other));
    }

    private static int[] Merged(int[] symbols, (int Left, int Right) pair, int joined)
    {
        var merged = new List<int>(symbols.Length);
        for (int i = 0; i < symbols.Length; i++)
            if (i + 1 < symbols.Length && symbols[i] == pair.Left && symbols[i + 1] == pair.Right)
            {
                merged.Add(joined);
                i++;
            }
            else
                merged.Add(symbols[i]);
        return merged.ToArray();
    }

    private void Add((int Left, int Right) pair, long count, int? word)
    {
        CollectionsMarshal.GetValueRefOrAddDefault(_counts, pair, out _) += count;
        if (word is not { } place)
            return;
        if (!_places.TryGetValue(pair, out var places))
            _places[pair] = places = [];
        places.Add(place);
    }

    // The smallest comes first: the highest count, then the lowest ids.
    private void Offer((int Left, int Right) pair, long count)
    {
        if (count > 0)
            _queue.Enqueue((pair, count), (-count, pair.Left, pair.Right));
    }
}
