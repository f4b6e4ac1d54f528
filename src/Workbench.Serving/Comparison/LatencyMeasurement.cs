using System.Diagnostics;
using Workbench.Data;
using Workbench.Features;
using Workbench.Serving.Sessions;

namespace Workbench.Serving.Comparison;

/// <summary>How long a model's answers took on this machine, one call after the other, with nothing between caller and ONNX Runtime.</summary>
public sealed record LatencyMeasurement
{
    private const int WarmUpCalls = 50;
    private const int FewestCalls = 20;
    private const int DistinctBatches = 64;
    private static readonly TimeSpan LongestMeasurement = TimeSpan.FromSeconds(5);

    /// <summary>Rows a call.</summary>
    public required int BatchSize { get; init; }
    /// <summary>Calls that were timed.</summary>
    public required int Calls { get; init; }
    /// <summary>Half of the calls took no longer.</summary>
    public required TimeSpan Median { get; init; }
    /// <summary>99 % of the calls took no longer; also says how busy the machine was.</summary>
    public required TimeSpan P99 { get; init; }

    /// <summary>
    /// Times calls with rows of <paramref name="rows"/>, as many different ones as there are. The first calls warm up caches
    /// and do not count; a slow model is timed for about five seconds, and at least 20 calls.
    /// </summary>
    /// <param name="model">The exported model.</param>
    /// <param name="rows">At least one row of the model's columns.</param>
    /// <param name="batchSize">Rows a call, at least 1; rows are repeated where there are fewer.</param>
    /// <param name="calls">Timed calls, at least 20; default 1000.</param>
    /// <exception cref="DataException">There are no rows, or they have other columns than the model.</exception>
    public static LatencyMeasurement Of(OnnxModel model, TabularData rows, int batchSize, int calls = 1000)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(calls, FewestCalls);
        if (rows.Rows == 0)
            throw new DataException("Cannot measure a latency on 0 rows. Give the rows that the model is judged on.");
        var batches = Enumerable.Range(0, Math.Min(DistinctBatches, Math.Max(1, rows.Rows / batchSize)))
            .Select(batch => rows.Select([.. Enumerable.Range(batch * batchSize, batchSize).Select(row => row % rows.Rows)])).ToList();
        return Of(call => model.Predict(batches[call % batches.Count]), batchSize, calls);
    }

    /// <summary>Times a call of any kind.</summary>
    internal static LatencyMeasurement Of(Action<int> predict, int batchSize, int calls)
    {
        long begin = Stopwatch.GetTimestamp();
        for (int call = 0; call < WarmUpCalls && (call < 3 || Stopwatch.GetElapsedTime(begin) < LongestMeasurement); call++)
            predict(call);
        var taken = new List<TimeSpan>(calls);
        begin = Stopwatch.GetTimestamp();
        while (taken.Count < calls && (taken.Count < FewestCalls || Stopwatch.GetElapsedTime(begin) < LongestMeasurement))
        {
            long start = Stopwatch.GetTimestamp();
            predict(taken.Count);
            taken.Add(Stopwatch.GetElapsedTime(start));
        }
        taken.Sort();
        return new() { BatchSize = batchSize, Calls = taken.Count, Median = taken[taken.Count / 2], P99 = taken[Math.Min(taken.Count - 1, taken.Count * 99 / 100)] };
    }
}
