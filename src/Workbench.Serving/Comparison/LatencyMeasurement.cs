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
    private const int CallsInTurn = 20;
    private const int DistinctBatches = 64;
    private static readonly TimeSpan LongestMeasurement = TimeSpan.FromSeconds(1);

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
    /// and do not count; a slow model is timed for about a second, and at least 20 calls.
    /// </summary>
    /// <param name="model">The exported model.</param>
    /// <param name="rows">At least one row of the model's columns.</param>
    /// <param name="batchSize">Rows a call, at least 1; rows are repeated where there are fewer.</param>
    /// <param name="calls">Timed calls, at least 20; default 1000.</param>
    /// <exception cref="DataException">There are no rows, or they have other columns than the model.</exception>
    public static LatencyMeasurement Of(OnnxModel model, TabularData rows, int batchSize, int calls = 1000) => OfEach([model], rows, batchSize, calls)[0];

    /// <summary>The same for several models, a few calls of each in turn, so that what else the machine does meets all alike.</summary>
    internal static IReadOnlyList<LatencyMeasurement> OfEach(IReadOnlyList<OnnxModel> models, TabularData rows, int batchSize, int calls)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(calls, FewestCalls);
        if (rows.Rows == 0)
            throw new DataException("Cannot measure a latency on 0 rows. Give the rows that the model is judged on.");
        var batches = Enumerable.Range(0, Math.Min(DistinctBatches, Math.Max(1, rows.Rows / batchSize)))
            .Select(batch => rows.Select([.. Enumerable.Range(batch * batchSize, batchSize).Select(row => row % rows.Rows)])).ToList();
        return OfEach([.. models.Select(model => (Action<int>)(call => model.Answer(batches[call % batches.Count])))], batchSize, calls);
    }

    /// <summary>Times calls of any kind; each is told which call of its own it is.</summary>
    internal static IReadOnlyList<LatencyMeasurement> OfEach(IReadOnlyList<Action<int>> predictions, int batchSize, int calls)
    {
        var taken = predictions.Select(_ => new List<TimeSpan>(calls)).ToList();
        foreach (var predict in predictions)
            WarmUp(predict);
        long begin = Stopwatch.GetTimestamp();
        for (int done = 0; done < calls && (done < FewestCalls || Stopwatch.GetElapsedTime(begin) < predictions.Count * LongestMeasurement); done = taken[0].Count)
            for (int i = 0; i < predictions.Count; i++)
                for (int call = done; call < Math.Min(calls, done + CallsInTurn); call++)
                    taken[i].Add(Time(predictions[i], call));
        return [.. taken.Select(times => Of(times, batchSize))];
    }

    private static void WarmUp(Action<int> predict)
    {
        long begin = Stopwatch.GetTimestamp();
        for (int call = 0; call < WarmUpCalls && (call < 3 || Stopwatch.GetElapsedTime(begin) < LongestMeasurement); call++)
            predict(call);
    }

    private static TimeSpan Time(Action<int> predict, int call)
    {
        long start = Stopwatch.GetTimestamp();
        predict(call);
        return Stopwatch.GetElapsedTime(start);
    }

    private static LatencyMeasurement Of(List<TimeSpan> taken, int batchSize)
    {
        taken.Sort();
        return new() { BatchSize = batchSize, Calls = taken.Count, Median = taken[taken.Count / 2], P99 = taken[taken.Count * 99 / 100] };
    }
}
