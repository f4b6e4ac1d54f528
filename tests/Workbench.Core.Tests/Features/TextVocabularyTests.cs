using Workbench.Core.Tests.Registry;
using Workbench.Data;
using Workbench.Features;

namespace Workbench.Core.Tests.Features;

/// <summary>Expected values by hand, from the rule in the type's description.</summary>
public sealed class TextVocabularyTests
{
    [Theory]
    [InlineData("Hello, World!", "hello|,|world|!")]
    [InlineData("don't  stop\n", "don|'|t|stop")]
    [InlineData("E-Mail: 25°C", "e|-|mail|:|25|°|c")]
    [InlineData("ÄRGER naïve", "ärger|naïve")]
    [InlineData("东京 Привет", "东京|привет")]
    [InlineData("a😀b", "a|😀|b")]
    [InlineData("  ", "")]
    public void Tokens_Text_AreRunsOfLettersAndSingleSigns(string text, string expected) => Assert.Equal(expected, string.Join('|', TextVocabulary.Tokens(text)));

    [Fact]
    public void Fit_Texts_KeepsTheFrequentOnesInOrder()
    {
        var vocabulary = TextVocabulary.Fit(["b a b", "c a b", "d"], maxTokens: 5, minimumCount: 1, maxWords: 3);
        Assert.Equal(["b", "a", "c"], vocabulary.Words);   // 3, 2, 1 and before d
        Assert.Equal(["b", "a"], TextVocabulary.Fit(["b a b", "c a b", "d"], 5, minimumCount: 2).Words);
        Assert.Contains("9 times", Assert.Throws<DataException>(() => TextVocabulary.Fit(["a"], 5, minimumCount: 9)).Message);
    }

    [Fact]
    public void Encode_Texts_PadsCutsAndMarksTheUnseen()
    {
        var vocabulary = new TextVocabulary(["b", "a"], 3);
        var (numbers, tokens) = vocabulary.Encode(["a", "B x a b", ""]);
        Assert.Equal(3, tokens);
        Assert.Equal([3, 0, 0, 2, 1, 3, 1, 0, 0], numbers);
        Assert.Equal(1, vocabulary.Encode(["a"]).Tokens);
    }

    [Fact]
    public void Read_FileOfTexts_RefusesMissingOnes()
    {
        using var folder = new TemporaryFolder();
        var texts = LabelledTexts.Read(folder.Write("a.csv", "body,topic\n\"good, very\",1\nbad,0\n"), "body", "topic");
        Assert.Equal(["good, very", "bad"], texts.Texts);
        Assert.Equal(["1", "0"], texts.Labels);
        var failure = Assert.Throws<DataException>(() => LabelledTexts.Read(folder.Write("b.csv", "body,topic\nx,1\ny,\n"), "body", "topic"));
        Assert.Contains("'topic' is NULL in row 2", failure.Message);
    }
}
