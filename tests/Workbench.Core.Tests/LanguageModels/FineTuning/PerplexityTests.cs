using TorchSharp;
using Workbench.Data;
using Workbench.LanguageModels.FineTuning;
using Workbench.Training;
using static TorchSharp.torch;

namespace Workbench.Core.Tests.LanguageModels.FineTuning;

/// <summary>Against a plain reading: each token's log-probability from one pass over exactly the tokens before it that its window shows.</summary>
public sealed class PerplexityTests
{
    public PerplexityTests() => TorchRuntime.EnsureAvailable();

    [Theory]
    [InlineData(10, 10)]
    [InlineData(10, 5)]
    [InlineData(10, 3)]
    [InlineData(10, 1)]
    [InlineData(64, 64)]
    public void Measure_Stride_IsTheMeanOverEveryTokenFromWhatItsWindowShows(int context, int stride)
    {
        using var scope = NewDisposeScope();
        using var model = TinyModels.Gpt2();
        model.eval();
        var documents = TinyModels.Random(5, 2, 45, seed: 8);
        double sum = 0;
        int count = 0;
        foreach (var document in documents)
            for (int target = 1; target < document.Tokens.Count; target++, count++)
            {
                // The first window shows all from the beginning; each later one begins a stride on, and predicts what is beyond the one before.
                int window = target <= context ? 0 : (target - context + stride - 1) / stride;
                int start = window * stride;
                var seen = tensor(document.Tokens.Skip(start).Take(target - start).Select(id => (long)id).ToArray()).unsqueeze(0);
                sum -= model.call(seen)[0, -1].log_softmax(-1)[document.Tokens[target]].ToDouble();
            }
        var measured = Perplexity.Measure(model, documents, context, stride, batchSize: 3);
        Assert.Equal(count, measured.Tokens);
        Assert.Equal(sum / count, measured.MeanLoss, 1e-5);   // float32
        Assert.Equal(Math.Exp(sum / count), measured.Value, 1e-3);
    }

    [Fact]
    public void Measure_UniformModel_IsTheVocabularySize()
    {
        using var scope = NewDisposeScope();
        using var model = TinyModels.Gpt2();
        using (no_grad())
            foreach (var parameter in model.parameters())
                parameter.zero_();
        model.train();
        Assert.Equal(TinyModels.Vocabulary, Perplexity.Measure(model, TinyModels.Random(4, 20, 20), 16).Value, 1e-4);
        Assert.True(model.training);
    }

    [Fact]
    public void Measure_NothingToPredict_SaysSo()
    {
        using var model = TinyModels.Gpt2();
        Assert.Contains("nothing to predict in 1 documents", Assert.Throws<DataException>(() => Perplexity.Measure(model, [new() { Tokens = [3] }], 8)).Message);
        Assert.Contains("between 1 and the context, 8", Assert.Throws<ArgumentOutOfRangeException>(() => Perplexity.Measure(model, TinyModels.Random(1, 4, 4), 8, stride: 9)).Message);
    }
}
