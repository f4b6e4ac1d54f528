using System.Runtime.InteropServices;
using CsCheck;
using Workbench.Core.Tests.Data;
using Workbench.Core.Tests.Registry;
using Workbench.LanguageModels;
using Workbench.LanguageModels.FineTuning;
using Reference = Tokenizers.DotNet.Tokenizer;

namespace Workbench.Core.Tests.LanguageModels.FineTuning;

/// <summary>Against the algorithm written down plainly, which counts all pairs anew for every merge; and read by Hugging Face's own tokenizers.</summary>
public sealed class BytePairTrainerTests
{
    private static readonly string[] Parts = ["a", "b", "ab", "aa", "ba", " ", "  ", "c", "é", "1", "\n", "'s", "."];
    private static readonly Gen<string> AnyText = Gen.Int[0, Parts.Length - 1].List[0, 60].Select(picks => string.Concat(picks.Select(i => Parts[i])));

    [Fact]
    public void Train_AnyTexts_LearnsWhatThePlainAlgorithmLearns() =>
        Gen.Select(AnyText.List[1, 4], Gen.Int[1, 3]).Sample((texts, minimum) =>
        {
            var tokenizer = BytePairTrainer.Train(texts, new() { VocabularySize = 290, MinimumFrequency = minimum });
            Assert.Equal(Plain(texts, 290, minimum), Enumerable.Range(0, tokenizer.VocabularySize).Select(tokenizer.TokenOf));
        }, iter: 150, threads: 1);

    [Fact]
    public void Train_ChatSample_LearnsWhatThePlainAlgorithmLearns()
    {
        var lines = Sample().Take(150).ToList();
        var tokenizer = BytePairTrainer.Train(lines, new() { VocabularySize = 330 });
        Assert.Equal(Plain(lines, 330, 2), Enumerable.Range(0, 330).Select(tokenizer.TokenOf));
    }

    [Fact]
    public void Save_LearnedTokenizer_HuggingFaceReadsItAndGivesTheSameIds()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64, "Hugging Face's tokenizers come for Linux x64 here.");
        using var folder = new TemporaryFolder();
        var lines = Sample().ToList();
        BytePairTrainer.Train(lines, new() { VocabularySize = 500 }).Save(folder.Path);
        var tokenizer = Tokenizer.Load(folder.Path);
        var reference = new Reference(Path.Combine(folder.Path, "tokenizer.json"));
        Assert.All(lines.Take(200).Append("Größe 東京 <|endoftext|> x\n\n  y"), line => Assert.Equal(reference.Encode(line).Select(id => (int)id), tokenizer.Encode(line)));
        Assert.Equal(tokenizer.EndToken, tokenizer.IdOf("<|endoftext|>"));
        Assert.Equal("Größe 東京", tokenizer.Decode(tokenizer.Encode("Größe 東京")));
    }

    [Fact]
    public void Train_SameTexts_WritesTheSameFile()
    {
        using var folder = new TemporaryFolder();
        foreach (string name in new[] { "a", "b" })
            BytePairTrainer.Train(Sample(), new() { VocabularySize = 400, IsAlphabetOfTexts = true }).Save(Path.Combine(folder.Path, name));
        Assert.Equal(File.ReadAllBytes(Path.Combine(folder.Path, "a", "tokenizer.json")), File.ReadAllBytes(Path.Combine(folder.Path, "b", "tokenizer.json")));
    }

    [Fact]
    public void Train_WrongOptions_SaysWhatIsNeeded()
    {
        Assert.Contains("take 257", Assert.Throws<ArgumentException>(() => BytePairTrainer.Train(["a"], new() { VocabularySize = 256 })).Message);
        Assert.Contains("none of the special tokens", Assert.Throws<ArgumentException>(() => BytePairTrainer.Train(["a"], new() { EndToken = "</s>" })).Message);
    }

    private static IEnumerable<string> Sample() => File.ReadLines(Path.Combine(SampleFolder.Root, "data", "samples", "chat", "year-a.txt"));

    /// <summary>Ids to tokens: special, the 256 letters in their order, then merges, most frequent first and of those the pair of the lowest ids.</summary>
    private static List<string> Plain(IEnumerable<string> texts, int size, int minimum)
    {
        var tokens = new List<string> { "<|endoftext|>" };
        tokens.AddRange(Enumerable.Range(0, 256).Select(value => ByteLetters.All[value]).Order().Select(letter => $"{letter}"));
        var words = texts.SelectMany(text => System.Text.RegularExpressions.Regex.Matches(text, @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"))
            .Select(match => ByteLetters.Encode(match.Value).Select(letter => $"{letter}").ToList()).ToList();
        while (tokens.Count < size)
        {
            var best = words.SelectMany(word => word.Zip(word.Skip(1))).GroupBy(pair => pair).Select(pair => (pair.Key, Count: pair.Count()))
                .OrderByDescending(pair => pair.Count).ThenBy(pair => tokens.IndexOf(pair.Key.First)).ThenBy(pair => tokens.IndexOf(pair.Key.Second)).FirstOrDefault();
            if (best.Count < minimum || best.Count == 0)
                break;
            string joined = best.Key.First + best.Key.Second;
            if (!tokens.Contains(joined))
                tokens.Add(joined);
            foreach (var word in words)
                for (int i = 0; i + 1 < word.Count; i++)
                    if (word[i] == best.Key.First && word[i + 1] == best.Key.Second)
                    {
                        word[i] = joined;
                        word.RemoveAt(i + 1);
                    }
        }
        return tokens;
    }
}
