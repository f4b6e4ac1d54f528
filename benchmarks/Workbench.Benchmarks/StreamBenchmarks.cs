using BenchmarkDotNet.Attributes;
using Workbench.Drift.Streams;

namespace Workbench.Benchmarks;

/// <summary>A million errors of 0 and 1 through each detector of concept drift.</summary>
public class StreamBenchmarks
{
    private readonly double[] _errors = new double[1_000_000];

    /// <summary>Its name.</summary>
    [ParamsSource(nameof(Detectors))]
    public string Detector { get; set; } = ""; // set by BenchmarkDotNet

    /// <summary>All of them.</summary>
    public static IEnumerable<string> Detectors => StreamDetectors.Known;

    /// <summary>Errors at a rate that does not change.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        for (int i = 0; i < _errors.Length; i++)
            _errors[i] = random.NextDouble() < 0.2 ? 1 : 0;
    }

    /// <summary>The detections.</summary>
    [Benchmark]
    public int Read() => new StreamWatch(StreamDetectors.Create(Detector)).Read(_errors).Count;
}
