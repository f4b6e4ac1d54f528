using Workbench.Data;
using Workbench.LanguageModels.FineTuning;

namespace Workbench.Core.Tests.LanguageModels.FineTuning;

public sealed class TextNoveltyTests
{
    [Fact]
    public void Of_SmallTexts_AsCountedByHand()
    {
        // Only letters are tokens: a word has as many as letters, and the space or full stop before it counts too.
        var tokenizer = BytePairTrainer.Train(["x"], new() { VocabularySize = 257 });
        var novelty = TextNovelty.Of(["the cat vibed", "The vibed dog's"], ["the cat sat", "a dog's day"], tokenizer);
        Assert.Equal(6, novelty.Words);
        Assert.Equal(2 / 6.0, novelty.OutOfVocabularyRate, 1e-12);
        Assert.Equal([("vibed", 2L)], novelty.NewWords);
        Assert.Equal((13 + 15) / 6.0, novelty.NewTokensPerWord, 1e-12);
        Assert.Equal((11 + 11) / 6.0, novelty.KnownTokensPerWord, 1e-12);
    }

    [Fact]
    public void Of_NoWord_SaysWhichSide()
    {
        var tokenizer = BytePairTrainer.Train(["x"], new() { VocabularySize = 257 });
        Assert.Contains("known text has no word", Assert.Throws<DataException>(() => TextNovelty.Of(["a"], ["..."], tokenizer)).Message);
    }
}
