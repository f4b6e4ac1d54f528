using Workbench.LanguageModels;
using Workbench.LanguageModels.FineTuning;

namespace Workbench.Core.Tests.LanguageModels.FineTuning;

/// <summary>Networks and texts that train in milliseconds.</summary>
internal static class TinyModels
{
    public const int Vocabulary = 17;

    public static CausalLanguageModel Gpt2(double dropout = 0, int layers = 2) => CausalLanguageModel.Create(new Gpt2Config
    {
        VocabularySize = Vocabulary, ContextLength = 64, HiddenSize = 24, LayerCount = layers, HeadCount = 2, FeedForwardSize = 48, TieEmbeddings = true,
        AttentionDropout = dropout, ResidualDropout = dropout, EmbeddingDropout = dropout, InitializerRange = 0.2,
    }, seed: 1);

    public static CausalLanguageModel Llama() => CausalLanguageModel.Create(new LlamaConfig
    {
        VocabularySize = Vocabulary, ContextLength = 64, HiddenSize = 24, LayerCount = 2, HeadCount = 4, KeyValueHeadCount = 2, HeadSize = 6, FeedForwardSize = 40, TieEmbeddings = false, InitializerRange = 0.2,
    }, seed: 2);

    public static CausalLanguageModel Named(string name) => name == "llama" ? Llama() : Gpt2();

    /// <summary>Documents of random tokens of random lengths.</summary>
    public static IReadOnlyList<TokenDocument> Random(int count, int shortest, int longest, int seed = 0)
    {
        var random = new Random(seed);
        return Enumerable.Range(0, count).Select(_ => new TokenDocument
        {
            Tokens = Enumerable.Range(0, random.Next(shortest, longest + 1)).Select(_ => random.Next(1, Vocabulary)).ToList(),
        }).ToList();
    }

    /// <summary>A language where each token follows from the one before: by <paramref name="step"/>, with one error in eight.</summary>
    public static TokenCorpus Language(int step, int documents = 24, int length = 30)
    {
        var random = new Random(step);
        IReadOnlyList<TokenDocument> Some(int count) => Enumerable.Range(0, count).Select(_ =>
        {
            var tokens = new List<int> { random.Next(Vocabulary) };
            while (tokens.Count < length)
                tokens.Add(random.Next(8) == 0 ? random.Next(Vocabulary) : (tokens[^1] + step) % Vocabulary);
            return new TokenDocument { Tokens = tokens };
        }).ToList();
        return new() { Training = Some(documents), HeldOut = Some(6) };
    }
}
