using System.Diagnostics;
using System.Runtime.InteropServices;
using Workbench.Data;
using Workbench.Evaluation;
using Workbench.Features;
using Workbench.Serving.Sessions;

namespace Workbench.Serving.Comparison;

/// <summary>Carries out one comparison.</summary>
internal sealed class ComparisonRun(ComparisonData data, IReadOnlyList<Candidate> candidates, ComparisonOptions options, IProgress<ComparisonProgress>? progress)
{
    private const double Answers = 1e6;
    private int _done;

    private sealed record Training(TrainedCandidate Model, Predictions Predictions, TimeSpan Time, TimeSpan ProcessorTime);

    public ArchitectureComparison Run(CancellationToken cancellationToken)
    {
        Check();
        string split = data.SplitHash();
        var results = Measured(cancellationToken);
        var task = results[0].Predictions[0].Task;
        var metric = MetricFor(task);
        var comparison = new ArchitectureComparison
        {
            SplitHash = split, Task = task, Metric = metric.Name, Direction = metric.Direction, Seeds = Seeds,
            FittingRows = data.Fitting.Rows, ValidationRows = data.Validation.Rows, HoldoutRows = data.Holdout.Rows,
            Baseline = options.Baseline ?? candidates[0].Name, Best = null, Options = options, Candidates = results,
            Machine = $"{Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription.Trim()}, {RuntimeInformation.ProcessArchitecture}",
            Choice = new(null, null, ""),
        };
        return ComparisonRules.Judge(comparison);
    }

    private IReadOnlyList<long> Seeds => [.. Enumerable.Range(0, options.Seeds).Select(seed => options.FirstSeed + seed)];

    // Latencies come last, of all models in turn; cost is computed from them.
    private List<CandidateResult> Measured(CancellationToken cancellationToken)
    {
        var served = new List<OnnxModel>();
        try
        {
            var results = candidates.Select(candidate => Measure(candidate, served, cancellationToken)).ToList();
            var latencies = new List<IReadOnlyList<LatencyMeasurement>>();
            foreach (int batchSize in options.BatchSizes.Prepend(1).Distinct())
            {
                cancellationToken.ThrowIfCancellationRequested();
                latencies.Add(LatencyMeasurement.OfEach(served, data.Holdout, batchSize, options.LatencyCalls));
            }
            return [.. results.Select((one, i) => one with
            {
                Latencies = [.. latencies.Select(ofBatch => ofBatch[i])],
                Cost = (one.TrainingProcessorTime.TotalHours + Answers * latencies[0][i].Median.TotalHours) * options.CoreHourPrice,
            })];
        }
        finally
        {
            served.ForEach(model => model.Dispose());
        }
    }

    private CandidateResult Measure(Candidate candidate, List<OnnxModel> served, CancellationToken cancellationToken)
    {
        var trainings = new List<Training>();
        try
        {
            foreach (long seed in Seeds)
                trainings.Add(Train(candidate, seed, cancellationToken));
            var predictions = trainings.Select(training => training.Predictions).ToList();
            var metric = MetricFor(predictions[0].Task);
            return new()
            {
                Name = candidate.Name, Parameters = trainings[0].Model.Parameters, OnnxBytes = Export(trainings[0].Model, served), Latencies = [], Cost = 0,
                TrainingTime = Mean(trainings.Select(training => training.Time)), TrainingProcessorTime = Mean(trainings.Select(training => training.ProcessorTime)),
                Quality = metric.Estimate(predictions, options.BootstrapSamples), SeedValues = [.. predictions.Select(one => metric.Compute(one))], Predictions = predictions,
            };
        }
        finally
        {
            trainings.ForEach(training => training.Model.Dispose());
        }
    }

    private Training Train(Candidate candidate, long seed, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var (begin, processor) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        var model = candidate.Train(data, seed, cancellationToken);
        var (time, processorTime) = (Stopwatch.GetElapsedTime(begin), Environment.CpuUsage.TotalTime - processor);
        var predictions = model.Judge(data.Holdout);
        progress?.Report(new(candidate.Name, seed, ++_done, candidates.Count * options.Seeds, MetricFor(predictions.Task).Compute(predictions), time));
        return new(model, predictions, time, processorTime);
    }

    private static long Export(TrainedCandidate model, List<OnnxModel> served)
    {
        using var folder = new ScratchFolder();
        string file = Path.Combine(folder.Path, "candidate.onnx");
        model.Export(file);
        served.Add(OnnxModel.Load(file));
        return new FileInfo(file).Length;
    }

    private Metric MetricFor(PredictionTask task) => options.Metric is { } name ? Metrics.Find(name, task) : Metrics.Default(task);

    private void Check()
    {
        if (options.Validate() is { Count: > 0 } errors)
            throw new ArgumentException($"The comparison cannot run: {string.Join(" ", errors)}");
        if (candidates.Count == 0)
            throw new ArgumentException("There is no candidate to compare. Name at least one, such as linear.");
        if (candidates.GroupBy(one => one.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ArgumentException($"The candidate '{twice.Key}' is named {twice.Count()} times. Give each a name of its own.");
        if (options.Baseline is { } baseline && candidates.All(one => one.Name != baseline))
            throw new ArgumentException($"The baseline '{baseline}' is no candidate.{Suggestion.DidYouMean(baseline, candidates.Select(one => one.Name))} Known: {string.Join(", ", candidates.Select(one => one.Name))}.");
        if (options.Metric is { } metric && Enum.GetValues<PredictionTask>().All(task => !IsKnown(metric, task)))
            _ = MetricFor(PredictionTask.Binary); // says what there is, before hours of training
    }

    private static bool IsKnown(string metric, PredictionTask task)
    {
        try
        {
            return Metrics.Find(metric, task) is not null;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static TimeSpan Mean(IEnumerable<TimeSpan> times) => TimeSpan.FromTicks((long)times.Average(time => time.Ticks));
}
