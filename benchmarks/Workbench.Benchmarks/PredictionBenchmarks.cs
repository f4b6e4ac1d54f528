using BenchmarkDotNet.Attributes;
using Workbench.Features;
using Workbench.Serving.Export;
using Workbench.Serving.Sessions;
using Workbench.Training;

namespace Workbench.Benchmarks;

/// <summary>Rows through the exported model and through TorchSharp: what serving gains. 12 numeric and 4 categorical columns.</summary>
[MemoryDiagnoser]
public class PredictionBenchmarks
{
    private OnnxModel _onnx = null!; // set by Setup
    private TrainedTabularModel _torch = null!; // set by Setup
    private TabularData _rows = null!; // set by Setup

    /// <summary>Rows a call.</summary>
    [Params(1, 256)]
    public int Batch { get; set; }

    /// <summary>Trains and exports a model once.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _torch = TabularTrainer.Fit(SyntheticRows.Make(2000, 1), SyntheticRows.Make(500, 2), new TabularTrainingOptions { MaxEpochs = 2, Seed = 1 });
        var path = Path.Combine(Directory.CreateTempSubdirectory("bench-").FullName, "model.onnx");
        OnnxExporter.Export(_torch, path);
        _onnx = OnnxModel.Load(path);
        _rows = SyntheticRows.Make(Batch, 3);
    }

    /// <summary>The baseline.</summary>
    [Benchmark(Baseline = true)]
    public float[] TorchSharp() => _torch.Predict(_rows);

    /// <summary>What the host serves.</summary>
    [Benchmark]
    public float[] OnnxRuntime() => _onnx.Predict(_rows);
}
