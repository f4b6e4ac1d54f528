using Workbench.Data;

namespace Workbench.LanguageModels.FineTuning;

/// <summary>Shapes of models from scratch: GPT-2 in several sizes.</summary>
public static class FreshModels
{
    private static readonly (string Name, int Layers, int Width, int Heads, int Context)[] Shapes =
    [
        ("tiny", 2, 64, 4, 64), ("small", 4, 128, 4, 256), ("medium", 8, 384, 6, 512), ("gpt2", 12, 768, 12, 1024),
    ];

    /// <summary>Names of the sizes, the smallest first: <c>tiny</c> learns in seconds on a CPU, <c>gpt2</c> is GPT-2's smallest.</summary>
    public static IReadOnlyList<string> Sizes => Shapes.Select(shape => shape.Name).ToList();

    /// <summary>A shape without dropout.</summary>
    /// <param name="size">One of <see cref="Sizes"/>.</param>
    /// <param name="vocabularySize">Tokens of the tokenizer.</param>
    /// <exception cref="ArgumentException">There is no such size; names the known ones.</exception>
    public static LanguageModelConfig Config(string size, int vocabularySize)
    {
        var shape = Array.Find(Shapes, shape => shape.Name == size);
        if (shape.Name is null)
            throw new ArgumentException($"Unknown size '{size}' of a model from scratch.{Suggestion.DidYouMean(size, Sizes)} Known: {string.Join(", ", Sizes)}.");
        return new Gpt2Config
        {
            VocabularySize = vocabularySize, ContextLength = shape.Context, HiddenSize = shape.Width, LayerCount = shape.Layers, HeadCount = shape.Heads,
            FeedForwardSize = 4 * shape.Width, TieEmbeddings = true,
        };
    }
}
