using Workbench.Core.Tests.Registry;
using Workbench.Data;
using Workbench.LanguageModels.FineTuning;

namespace Workbench.Core.Tests.LanguageModels.FineTuning;

public sealed class TextCorpusTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Read_Lines_SplitsByHashSoThatEqualLinesStayTogether()
    {
        var lines = Enumerable.Range(0, 400).Select(i => $"line {i % 300}").ToList();
        string path = _folder.Write("text.txt", string.Join("\r\n", lines));
        var corpus = TextCorpus.Read(path, heldOut: 0.25);
        var (training, heldOut) = (Lines(corpus.Training), Lines(corpus.HeldOut));
        Assert.Equal(lines.Order(), training.Concat(heldOut).Order());
        Assert.Empty(training.Intersect(heldOut));
        Assert.InRange(heldOut.Distinct().Count(), 50, 100);   // 75 of 300 expected; a binomial's deviation is 7.5
        Assert.Equal(lines.Where(training.Contains), training);   // in order
        Assert.Equal(heldOut, Lines(TextCorpus.Read(path, heldOut: 0.25).HeldOut));
        Assert.NotEqual(heldOut, Lines(TextCorpus.Read(path, heldOut: 0.25, salt: "other").HeldOut));
    }

    [Fact]
    public void Read_Paragraphs_KeepsEachWhole()
    {
        string path = _folder.Write("book.md", string.Join("\n\n", Enumerable.Range(0, 60).Select(i => $"first {i}\nsecond {i}")));
        var corpus = TextCorpus.Read(path, heldOut: 0.3);
        Assert.All(corpus.Training.Concat(corpus.HeldOut), document => Assert.All(
            document.Text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries), paragraph => Assert.Matches(@"^first (\d+)\nsecond \1$", paragraph)));
    }

    [Fact]
    public void Read_JsonLines_LearnsCompletionsAndWhatTheAssistantSays()
    {
        var lines = Enumerable.Range(0, 40).SelectMany(i => new[]
        {
            $$"""{"text": "whole {{i}}"}""", $$"""{"prompt": "question {{i}} ", "completion": "answer"}""",
            $$"""{"messages": [{"role": "system", "content": "be brief"}, {"role": "user", "content": "hi {{i}}"}, {"role": "assistant", "content": "hello"}]}""", "",
        });
        string path = _folder.Write("data.jsonl", string.Join("\n", lines));
        var documents = TextCorpus.Read(path, heldOut: 0.2, template: ChatTemplate.ChatMl).Training;
        Assert.All(documents, document => Assert.Equal(
            document.Text.StartsWith("whole", StringComparison.Ordinal) ? document.Text
            : document.Text.StartsWith("question", StringComparison.Ordinal) ? "answer" : "hello<|im_end|>\n", string.Concat(document.Segments.Where(segment => segment.IsTarget).Select(segment => segment.Text))));
        Assert.Contains(documents, document => document.Text.StartsWith("<|im_start|>system\nbe brief<|im_end|>\n<|im_start|>user\nhi", StringComparison.Ordinal));
        Assert.Equal(3, documents.Select(document => document.Segments.Count).Distinct().Count());
    }

    [Theory]
    [InlineData("""{"prompt": "a"}""", "'completion' is missing or no text")]
    [InlineData("""{"question": "a", "answer": "b"}""", "it has the fields question, answer")]
    [InlineData("""{"text": ""}""", "it has nothing to learn")]
    [InlineData("""{"messages": [{"role": "user", "content": "a"}]}""", "it has nothing to learn")]
    [InlineData("""["a"]""", "it is a Array, not an object")]
    [InlineData("""{"text": """, "Write one of")]
    public void Read_WrongJsonLine_SaysWhichAndWhatIsAllowed(string line, string expected)
    {
        string path = _folder.Write("data.jsonl", "{\"text\": \"fine\"}\n" + line);
        var failure = Assert.Throws<DataException>(() => TextCorpus.Read(path));
        Assert.StartsWith("Line 2 of", failure.Message);
        Assert.Contains(expected, failure.Message);
        Assert.Equal(2, failure.Line);
    }

    [Fact]
    public void Read_WhatIsNoCorpus_SaysWhatToGive()
    {
        Assert.Contains("is missing", Assert.Throws<DataException>(() => TextCorpus.Read(Path.Combine(_folder.Path, "no.txt"))).Message);
        Assert.Contains("ends in '.pdf'; known are .txt", Assert.Throws<DataException>(() => TextCorpus.Read(_folder.Write("a.pdf", "x"))).Message);
        Assert.Contains("leaves nothing", Assert.Throws<DataException>(() => TextCorpus.Read(_folder.Write("a.txt", "one line"))).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => TextCorpus.Read(_folder.Write("a.txt", "one line"), heldOut: 1));
    }

    public void Dispose() => _folder.Dispose();

    private static List<string> Lines(IReadOnlyList<TextDocument> documents) =>
        documents.SelectMany(document => document.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)).ToList();
}
