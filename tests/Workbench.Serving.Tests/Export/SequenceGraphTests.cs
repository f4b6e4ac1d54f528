using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
using Workbench.Features;
using Workbench.Serving.Export;
using Workbench.Training.Forecasting;
using Workbench.Training.Text;

namespace Workbench.Serving.Tests.Export;

public sealed class SequenceGraphTests : IDisposable
{
    private static readonly LabelledTexts Texts = new()
    {
        Texts = ["good and quick", "very good", "a good one", "bad and slow", "very bad", "a bad one", "quick", "slow one"],
        Labels = ["yes", "yes", "yes", "no", "no", "no", "yes", "no"],
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("workbench-sequence-").FullName;

    private string File => Path.Combine(_folder, "model.onnx");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(TextArchitecture.EmbeddingBag)]
    [InlineData(TextArchitecture.Transformer)]
    public void Export_TextClassifier_AgreesOnTokensOfItsVocabulary(TextArchitecture architecture)
    {
        using var model = TextTrainer.Fit(Texts, Texts, new() { Architecture = architecture, Width = 16, Heads = 2, MinimumCount = 1, MaxTokens = 8, MaxEpochs = 20, LearningRate = 0.02, BatchSize = 4 });
        var export = OnnxExporter.Export(model, File, new Dictionary<string, string> { ["notebook"] = "texts" });
        Assert.Equal((72, model.WeightsHash), (export.RowsChecked, export.WeightsHash));
        Assert.InRange(export.MaxAbsoluteDifference, 0, 1e-5);
        Assert.Equal(13, OnnxExporter.Export(model, Path.Combine(_folder, "older.onnx"), opset: 13).Opset);   // its own parity check holds

        using var session = new InferenceSession(File);
        Assert.Equal(["token_ids"], session.InputNames);
        Assert.Equal(["probabilities", "label"], session.OutputNames);
        // As a client would: the vocabulary from the file's metadata.
        var metadata = session.ModelMetadata.CustomMetadataMap;
        var vocabulary = new TextVocabulary(JsonSerializer.Deserialize<string[]>(metadata["workbench.vocabulary"])!, int.Parse(metadata["workbench.max_tokens"], System.Globalization.CultureInfo.InvariantCulture));
        string[] texts = ["good", "a bad and slow one, very bad", "", "unheard of"];
        var (numbers, tokens) = vocabulary.Encode(texts);
        using var input = OrtValue.CreateTensorValueFromMemory(numbers, [texts.Length, tokens]);
        using var options = new RunOptions();
        using var results = session.Run(options, ["token_ids"], [input], ["probabilities", "label"]);
        var (expected, actual) = (model.PredictProbabilities(texts), results[0].GetTensorDataAsSpan<float>().ToArray());
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-5f);
        Assert.Equal(model.PredictClasses(texts), results[1].GetStringTensorAsArray());
        Assert.Equal("texts", metadata["notebook"]);
    }

    [Fact]
    public void Export_Forecaster_AgreesInTheSeriesUnit()
    {
        var random = new Random(1);
        TimeSeries Series() => new() { Start = new(2025, 1, 1), Step = TimeSpan.FromHours(1), Values = [.. Enumerable.Range(0, 300).Select(t => (float)(1_000 + 100 * Math.Sin(t / 3.8) + random.Next(20)))] };
        using var model = Forecaster.Fit(Series(), Series(), new() { Horizon = 5, Window = 30, Season = 24, Quantiles = [0.05, 0.25, 0.5, 0.9], MaxEpochs = 3 });
        var export = OnnxExporter.Export(model, File);
        Assert.Equal(13, OnnxExporter.Export(model, Path.Combine(_folder, "older.onnx"), opset: 13).Opset);
        Assert.Contains("13 to 20", Assert.Throws<ArgumentOutOfRangeException>(() => OnnxExporter.Export(model, File, opset: 12)).Message);
        Assert.Equal(72, export.RowsChecked);
        Assert.InRange(export.MaxAbsoluteDifference, 0, 3e-5);   // the mean is 14 deviations
        using var session = new InferenceSession(File);
        float[] windows = Series().Values[..60];
        using var input = OrtValue.CreateTensorValueFromMemory(windows, [2, 30]);
        using var options = new RunOptions();
        using var results = session.Run(options, ["history"], [input], ["forecast"]);
        Assert.Equal([2, 5, 4], results[0].GetTensorTypeAndShape().Shape);
        var expected = model.Predict(windows);
        var actual = results[0].GetTensorDataAsSpan<float>().ToArray();
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 0.003f);   // 3e-5 of a deviation of 71
    }
}
