using Workbench.Core.Tests.Registry;
using Workbench.Data;
using Workbench.Features;
using Workbench.Training.Text;

namespace Workbench.Core.Tests.Training.Text;

public sealed class TextTrainerTests : IDisposable
{
    private static readonly string[] Fillers = ["the", "a", "my", "please", "today", "now", "about", "and", "again", "order"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Topics by one of their words, somewhere among others.</summary>
    private static LabelledTexts Topics(int count, int seed)
    {
        var random = new Random(seed);
        var made = Enumerable.Range(0, count).Select(_ =>
        {
            var (label, words) = random.Next(3) switch
            {
                0 => ("billing", new[] { "invoice", "refund", "charge" }),
                1 => ("login", ["password", "account", "locked"]),
                _ => ("delivery", ["parcel", "courier", "late"]),
            };
            var text = Enumerable.Range(0, random.Next(3, 9)).Select(_ => Fillers[random.Next(Fillers.Length)]).ToList();
            text.Insert(random.Next(text.Count + 1), words[random.Next(3)]);
            return (Text: string.Join(' ', text) + ".", Label: label);
        }).ToList();
        return new() { Texts = [.. made.Select(one => one.Text)], Labels = [.. made.Select(one => one.Label)] };
    }

    /// <summary>The same two words always; which comes first and which last decides.</summary>
    private static LabelledTexts Orders(int count, int seed)
    {
        var topics = Topics(count, seed);
        var random = new Random(seed);
        var rising = topics.Texts.Select(_ => random.Next(2) == 0).ToList();
        return new()
        {
            Texts = [.. topics.Texts.Select((text, i) => rising[i] ? $"alpha {text} beta" : $"beta {text} alpha")],
            Labels = [.. rising.Select(one => one ? "rising" : "falling")],
        };
    }

    private static TextTrainingOptions Options(TextArchitecture architecture) => new()
    {
        Architecture = architecture, Width = 16, Heads = 2, Blocks = 1, MaxTokens = 16, LearningRate = 0.01, MaxEpochs = 12, Patience = 12, BatchSize = 32, Dropout = 0,
    };

    private static double Accuracy(TrainedTextModel model, LabelledTexts texts) =>
        model.PredictClasses(texts.Texts).Zip(texts.Labels, (one, other) => one == other ? 1.0 : 0).Average();

    [Theory]
    [InlineData(TextArchitecture.EmbeddingBag)]
    [InlineData(TextArchitecture.Transformer)]
    public void Fit_Topics_AreToldApartSavedAndLoaded(TextArchitecture architecture)
    {
        using var model = TextTrainer.Fit(Topics(400, 1), Topics(100, 2), Options(architecture));
        var fresh = Topics(200, 3);
        Assert.InRange(Accuracy(model, fresh), 0.97, 1);   // one word says it all
        Assert.Equal(["billing", "delivery", "login"], model.Classes);
        model.Save(_folder.Path);
        using var loaded = TrainedTextModel.Load(_folder.Path);
        string[] texts = [.. fresh.Texts, "", "words never seen 😀", "refund"];
        Assert.Equal(model.PredictProbabilities(texts), loaded.PredictProbabilities(texts));
        Assert.All(loaded.PredictProbabilities(texts).Chunk(3), row => Assert.Equal(1, row.Sum(), 1e-5));   // float32 sums
        Assert.Equal((model.WeightsHash, model.BestEpoch), (loaded.WeightsHash, loaded.BestEpoch));
        using var again = TextTrainer.Fit(Topics(400, 1), Topics(100, 2), Options(architecture));
        Assert.Equal(model.WeightsHash, again.WeightsHash);
    }

    [Fact]
    public void Fit_OrderDecides_OnlyTheTransformerKnows()
    {
        using var transformer = TextTrainer.Fit(Orders(600, 1), Orders(150, 2), Options(TextArchitecture.Transformer));
        using var bag = TextTrainer.Fit(Orders(600, 1), Orders(150, 2), Options(TextArchitecture.EmbeddingBag));
        Assert.InRange(Accuracy(transformer, Orders(300, 3)), 0.9, 1);
        Assert.InRange(Accuracy(bag, Orders(300, 3)), 0.35, 0.65);   // a coin: 5 deviations of 300 tosses
    }

    [Theory]
    [InlineData(TextArchitecture.EmbeddingBag)]
    [InlineData(TextArchitecture.Transformer)]
    public void Predict_BesideLongerTexts_IsTheSame(TextArchitecture architecture)
    {
        using var model = TextTrainer.Fit(Topics(60, 1), Topics(30, 2), Options(architecture) with { MaxEpochs = 1 });
        float[] alone = model.PredictProbabilities(["my refund"]);
        float[] beside = model.PredictProbabilities(["my refund", "please the a my parcel is late again today and now"]);
        for (int c = 0; c < 3; c++)
            Assert.Equal(alone[c], beside[c], 1e-6f);   // padding is masked; another length may add in another order
    }

    [Fact]
    public void Fit_WrongTextsOrOptions_SaysWhat()
    {
        var texts = Topics(30, 1);
        Assert.Contains("0 validation texts", Assert.Throws<DataException>(() => TextTrainer.Fit(texts, new() { Texts = [], Labels = [] }, new())).Message);
        Assert.Contains("30 training texts and 0 labels", Assert.Throws<DataException>(() => TextTrainer.Fit(texts with { Labels = [] }, texts, new())).Message);
        Assert.Contains("of the class 'x'; there is nothing", Assert.Throws<DataException>(() => TextTrainer.Fit(new() { Texts = ["a", "b"], Labels = ["x", "x"] }, texts, new())).Message);
        Assert.Contains("class 'new', and training knows", Assert.Throws<DataException>(() => TextTrainer.Fit(texts, new() { Texts = ["a"], Labels = ["new"] }, new())).Message);
        var failure = Assert.Throws<ArgumentException>(() => TextTrainer.Fit(texts, texts, new() { Width = 10, Heads = 3, Architecture = TextArchitecture.Transformer, MaxTokens = 0, LearningRate = -1, Device = "gpu" }));
        foreach (string expected in new[] { "MaxTokens is 0", "Heads is 3", "LearningRate is -1", "Device is 'gpu'" })
            Assert.Contains(expected, failure.Message);
    }
}
