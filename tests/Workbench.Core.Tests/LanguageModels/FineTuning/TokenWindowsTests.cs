using TorchSharp;
using Workbench.LanguageModels.FineTuning;
using Workbench.Training;
using static TorchSharp.torch;

namespace Workbench.Core.Tests.LanguageModels.FineTuning;

/// <summary>Batches of windows, against a plain reading of the documents.</summary>
public sealed class TokenWindowsTests
{
    public TokenWindowsTests() => TorchRuntime.EnsureAvailable();

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama")]
    public void Mean_PackedDocuments_EqualTheLossOfEachAlone(string name)
    {
        using var scope = NewDisposeScope();
        using var model = TinyModels.Named(name);
        var documents = TinyModels.Random(40, 2, 40);
        var (packed, alone) = (new TokenWindows(documents, 16, 4), new TokenWindows(documents, 16, 4, packs: false));
        Assert.True(packed.RowCount < alone.RowCount * 0.75, $"{packed.RowCount} of {alone.RowCount}");
        Assert.Equal(documents.Sum(document => document.Tokens.Count - 1), packed.TargetTokens);
        var (expected, got) = (Total(alone, model), Total(packed, model));
        Assert.Equal(packed.TargetTokens, got.Weight);
        Assert.Equal(expected.Weight, got.Weight);
        Assert.Equal(1, got.Loss / expected.Loss, 1e-6);   // float32 sums in another order
    }

    [Fact]
    public void Read_EachEpoch_ShowsEveryTargetOnceInAnOrderOfItsOwn()
    {
        using var scope = NewDisposeScope();
        var documents = TinyModels.Random(30, 2, 50, seed: 4);
        var windows = new TokenWindows(documents, 12, 3, seed: 9);
        var pairs = documents.SelectMany(document => document.Tokens.Zip(document.Tokens.Skip(1))).Select(pair => ((long)pair.First, (long)pair.Second)).Order().ToList();
        var first = Pairs(windows.Read(1, 0, CPU));
        Assert.Equal(pairs, first.Order());
        Assert.Equal(pairs, Pairs(windows.Read(2, 0, CPU)).Order());
        Assert.NotEqual(first, Pairs(windows.Read(2, 0, CPU)));
        Assert.Equal(first, Pairs(new TokenWindows(documents, 12, 3, seed: 9).Read(1, 0, CPU)));
        var batches = windows.Read(1, 0, CPU).ToList();
        Assert.Equal(windows.BatchesPerEpoch, batches.Count);
        Assert.Equal(Pairs(batches.Skip(2)), Pairs(windows.Read(1, 2, CPU)));
    }

    [Fact]
    public void Mean_PromptAndCompletion_IsThatOfTheCompletionAlone()
    {
        using var scope = NewDisposeScope();
        using var model = TinyModels.Gpt2();
        int[] tokens = [3, 1, 4, 1, 5, 9, 2, 6];
        var document = new TokenDocument { Tokens = tokens, IsTarget = tokens.Select((_, i) => i >= 5).ToList() };   // 9, 2, 6
        var windows = new TokenWindows([document], 16, 1);
        using var batch = windows.Read(1, 0, CPU).Single();
        Assert.Equal(3, batch.Weight);
        var logProbabilities = model.call(tensor(tokens.Select(id => (long)id).ToArray()).unsqueeze(0)).log_softmax(-1)[0];   // [T, V]
        double byHand = -(logProbabilities[4, 9] + logProbabilities[5, 2] + logProbabilities[6, 6]).ToDouble() / 3;
        Assert.Equal(byHand, LanguageModelLoss.Mean(model, batch).ToDouble(), 1e-6);
    }

    [Fact]
    public void Read_WithReplay_AddsTheShareOfOldRowsAnewEachEpoch()
    {
        using var scope = NewDisposeScope();
        var (fresh, old) = (TinyModels.Random(30, 9, 9), Enumerable.Range(0, 100).Select(i => new TokenDocument { Tokens = [0, .. Enumerable.Repeat(i + 100, 8)] }).ToList());
        var windows = new TokenWindows(fresh, 8, 10, oldDocuments: old, replayShare: 0.25);
        Assert.Equal(40, windows.RowCount);
        HashSet<long> OldIn(int epoch) => Pairs(windows.Read(epoch, 0, CPU)).Select(pair => pair.Item2).Where(token => token >= 100).ToHashSet();
        Assert.Equal(10, OldIn(1).Count);
        Assert.Equal(OldIn(1), OldIn(1));
        Assert.NotEqual(OldIn(1), OldIn(2));
    }

    [Fact]
    public void Constructor_WrongArguments_SaysWhatIsAllowed()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new TokenWindows(TinyModels.Random(3, 5, 5), 1, 1));
        Assert.Contains("nothing to learn", Assert.Throws<ArgumentException>(() => new TokenWindows([new() { Tokens = [1] }], 8, 1)).Message);
        Assert.Contains("below 1", Assert.Throws<ArgumentOutOfRangeException>(() => new TokenWindows(TinyModels.Random(3, 5, 5), 8, 1, replayShare: 1)).Message);
    }

    private static (double Loss, double Weight) Total(TokenWindows windows, Workbench.LanguageModels.CausalLanguageModel model)
    {
        double loss = 0, weight = 0;
        foreach (var batch in windows.Read(1, 0, CPU))
            using (batch)
            {
                loss += LanguageModelLoss.Mean(model, batch).ToDouble() * batch.Weight;
                weight += batch.Weight;
            }
        return (loss, weight);
    }

    private static List<(long, long)> Pairs(IEnumerable<Batch> batches) => batches.SelectMany(batch =>
        batch[0].data<long>().ToArray().Zip(batch[1].data<long>().ToArray()).Where(pair => pair.Second != -100)).Select(pair => (pair.First, pair.Second)).ToList();
}
