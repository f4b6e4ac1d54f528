using BenchmarkDotNet.Attributes;
using Microsoft.ML.OnnxRuntime;
using Workbench.LanguageModels;
using Workbench.Serving.Export;
using static TorchSharp.torch;

namespace Workbench.Benchmarks;

/// <summary>One row through a module's ONNX file and through the module in evaluation mode, on one thread: what exporting gains.</summary>
public class InferenceBenchmarks
{
    private static readonly string[] Names = ["x"];

    private readonly RunOptions _options = new();
    private nn.Module<Tensor, Tensor> _module = null!; // set by Setup
    private Tensor _input = null!; // set by Setup
    private InferenceSession _session = null!; // set by Setup
    private OrtValue _value = null!; // set by Setup

    /// <summary>A perceptron 20-128-128-2 with LayerNorm, or a GPT-2 of 4 layers and width 128 reading 16 tokens.</summary>
    [Params("perceptron", "gpt2")]
    public string Model { get; set; } = "";

    /// <summary>Exports once.</summary>
    [GlobalSetup]
    public void Setup()
    {
        set_num_threads(1);
        bool isText = Model == "gpt2";
        _module = isText ? Gpt2() : Perceptron();
        _module.eval();
        string path = Path.Combine(Directory.CreateTempSubdirectory("bench-").FullName, "model.onnx");
        OnnxExporter.Export(_module, [isText ? new("x", OnnxType.Int64, "batch", "sequence") { High = 256 } : new("x", OnnxType.Float, "batch", 20)], path);
        using var options = new SessionOptions { IntraOpNumThreads = 1 };
        _session = new(path, options);
        long[] ids = [.. Enumerable.Range(0, 16).Select(place => (long)place * 7 % 256)];
        float[] row = [.. Enumerable.Range(0, 20).Select(place => place / 10f - 1)];
        _input = isText ? tensor(ids, [1, 16]) : tensor(row, [1, 20]);
        _value = isText ? OrtValue.CreateTensorValueFromMemory(ids, [1, 16]) : OrtValue.CreateTensorValueFromMemory(row, [1, 20]);
    }

    /// <summary>The baseline.</summary>
    [Benchmark(Baseline = true)]
    public float TorchSharp()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        return _module.call(_input).data<float>()[0];
    }

    /// <summary>The exported file.</summary>
    [Benchmark]
    public float OnnxRuntime()
    {
        using var results = _session.Run(_options, Names, [_value], _session.OutputNames);
        return results[0].GetTensorDataAsSpan<float>()[0];
    }

    private static nn.Module<Tensor, Tensor> Perceptron() => nn.Sequential(
        ("0", nn.Linear(20, 128)), ("1", nn.LayerNorm(128)), ("2", nn.ReLU()), ("3", nn.Linear(128, 128)), ("4", nn.LayerNorm(128)), ("5", nn.ReLU()), ("6", nn.Linear(128, 2)));

    private static CausalLanguageModel Gpt2() => CausalLanguageModel.Create(
        new Gpt2Config { VocabularySize = 256, ContextLength = 128, HiddenSize = 128, LayerCount = 4, HeadCount = 4, FeedForwardSize = 512, TieEmbeddings = true }, seed: 1);
}
