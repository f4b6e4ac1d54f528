using Microsoft.ML.OnnxRuntime;
using Workbench.Data;
using Workbench.LanguageModels;
using Workbench.Serving.Export;
using static TorchSharp.torch;

namespace Workbench.Serving.Tests.Export;

public sealed class LanguageModelExportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("workbench-language-").FullName;

    private string File => Path.Combine(_folder, "model.onnx");

    public static TheoryData<string> Names => [.. Configs.Keys];

    private static Gpt2Config Gpt2 => new() { VocabularySize = 70, ContextLength = 40, HiddenSize = 24, LayerCount = 2, HeadCount = 3, FeedForwardSize = 48, TieEmbeddings = true, InitializerRange = 0.3 };

    private static LlamaConfig Llama => new()
    {
        VocabularySize = 70, ContextLength = 12, HiddenSize = 24, LayerCount = 2, HeadCount = 4, KeyValueHeadCount = 2, HeadSize = 8, FeedForwardSize = 40, TieEmbeddings = false, InitializerRange = 0.3,
    };

    private static readonly Dictionary<string, LanguageModelConfig> Configs = new()
    {
        ["gpt2"] = Gpt2,
        ["gpt2, head of its own, other scales"] = Gpt2 with { TieEmbeddings = false, ScaleAttention = false, ScaleAttentionByLayer = true, Activation = "relu" },
        ["llama"] = Llama,
        ["llama 3 scaling, tied"] = Llama with { TieEmbeddings = true, Rotary = new() { Kind = RotaryKind.Llama3, Base = 5_000, Factor = 8, LowFrequencyFactor = 1, HighFrequencyFactor = 4, OriginalContextLength = 20 } },
        ["linear scaling"] = Llama with { Rotary = new() { Kind = RotaryKind.Linear, Factor = 4 } },
        ["dynamic scaling"] = Llama with { Rotary = new() { Kind = RotaryKind.Dynamic, Factor = 2 } },   // sequences of 16 are beyond its context of 12
        ["qwen2"] = Llama with { Family = "qwen2", QueryKeyValueBias = true, KeyValueHeadCount = 1 },
        ["qwen2, sliding window from the second layer on"] = Llama with { Family = "qwen2", QueryKeyValueBias = true, SlidingWindow = 5, FirstWindowedLayer = 1 },
        ["mistral, sliding window"] = Llama with { Family = "mistral", SlidingWindow = 6 },
        ["mistral"] = Llama with { Family = "mistral", KeyValueHeadCount = 4, Activation = "gelu" },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void ExportLanguageModel_EachFamily_GivesTheSameLogitsForAnyBatchAndSequence(string name)
    {
        using var model = CausalLanguageModel.Create(Configs[name], seed: 3);
        foreach (int opset in new[] { 13, 20 })
        {
            var export = OnnxExporter.ExportLanguageModel(model, File, new() { Opset = opset });
            Assert.InRange(export.MaxAbsoluteDifference, 0, 1e-4);
            using var session = new InferenceSession(File);
            Assert.Equal(["batch", "sequence", ""], session.OutputMetadata["logits"].SymbolicDimensions);
            AssertAgrees(model, session);
        }
    }

    [Fact]
    public void ExportHuggingFaceFolder_WrittenModel_GivesItsLogits()
    {
        using var model = CausalLanguageModel.Create(Llama, seed: 4);
        model.Save(Path.Combine(_folder, "llama"));
        OnnxExporter.ExportHuggingFaceFolder(Path.Combine(_folder, "llama"), File, new() { ExternalData = true });
        using var session = new InferenceSession(File);
        AssertAgrees(model, session);
    }

    [Fact]
    public void ExportLanguageModel_TiedHead_StoresTheTableOnce()
    {
        using var model = CausalLanguageModel.Create(Gpt2, seed: 3);
        OnnxExporter.ExportLanguageModel(model, File);
        Assert.Single(OnnxFile.Read(File, out _).Graph.Initializer, weight => weight.Dims.Contains(70));
    }

    [Fact]
    public void ExportLanguageModel_WithAnAdapter_SaysToMergeIt()
    {
        using var model = CausalLanguageModel.Create(Llama, seed: 3);
        model.Projections["model.layers.1.mlp.up_proj"].Adapter = nn.Linear(24, 40);
        var failure = Assert.Throws<DataException>(() => OnnxExporter.ExportLanguageModel(model, File));
        Assert.Contains("'model.layers.1.mlp.up_proj': the projection has an adapter", failure.Message);
        Assert.Contains("Merge", failure.Message);
    }

    [Theory]
    [InlineData(OnnxPrecision.Int8)]
    [InlineData(OnnxPrecision.Float16)]
    public void Convert_LanguageModel_KeepsMostNextTokens(OnnxPrecision precision)
    {
        using var model = CausalLanguageModel.Create(Llama with { TieEmbeddings = true }, seed: 3);
        OnnxExporter.ExportLanguageModel(model, File);
        var small = OnnxConverter.Convert(File, Path.Combine(_folder, "small.onnx"), precision, new() { MinAgreement = 0.9, Sizes = new Dictionary<string, long> { ["batch"] = 8 } });
        Assert.Equal(4 * 8 * 16, small.Decisions);
        Assert.InRange((double)small.SizeBytes / small.SourceBytes, 0, precision == OnnxPrecision.Int8 ? 0.6 : 0.75);   // nodes and scales weigh in a model this small
    }

    private static void AssertAgrees(CausalLanguageModel model, InferenceSession session)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var random = new Random(8);
        foreach (var (batch, length) in new[] { (1, 1), (2, 5), (5, 31) })   // others than the exporter's own
        {
            long[] ids = [.. Enumerable.Range(0, batch * length).Select(_ => random.NextInt64(70))];
            float[] expected = model.call(tensor(ids, [batch, length])).data<float>().ToArray();
            using var value = OrtValue.CreateTensorValueFromMemory(ids, [batch, length]);
            using var options = new RunOptions();
            using var results = session.Run(options, ["input_ids"], [value], ["logits"]);
            float[] actual = results[0].GetTensorDataAsSpan<float>().ToArray();
            Assert.Equal(expected.Length, actual.Length);
            for (int index = 0; index < expected.Length; index++)
                Assert.Equal(expected[index], actual[index], 1e-4f * Math.Max(1, Math.Abs(expected[index])));   // float32 sums in another order
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
