using System.Diagnostics;
using System.Globalization;
using Workbench.Data;
using Workbench.Serving.Sessions;

namespace Workbench.Host.Prediction;

/// <summary>Predicts a data set into a folder of parts: goes on with what is there, and keeps workers at what is missing.</summary>
internal sealed class PredictionJob(PredictionRequest request, PredictionModel model, TextWriter output)
{
    private const int DeadWithoutPart = 3;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly PredictionFolder _folder = new(request.Output);

    /// <summary>Runs to the end, however many calls on however many machines work in the folder.</summary>
    /// <returns>Whether every part is there.</returns>
    /// <exception cref="CommandException">The folder holds something else, or no worker lives.</exception>
    /// <exception cref="DataException">The data are not as the model needs them.</exception>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        using var session = OnnxModel.Load(model.Bytes, model.Title);
        var (wanted, files) = PredictionPlanner.Plan(request, model, session);
        var plan = _folder.Adopt(wanted, () => wanted with { Parts = PredictionPlanner.Cut(AsParquet(files), request.RowsPerPart) });
        var missing = Missing(plan);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{plan.Model}: {plan.Parts.Sum(part => part.Rows):N0} rows of {plan.Inputs.Count} files in {plan.Parts.Count} parts{(missing.Count < plan.Parts.Count ? $"; {plan.Parts.Count - missing.Count} are there already" : "")}"));
        if (missing.Count > 0)
            await WorkAsync(plan, new(Guid.NewGuid().ToString("N"), AsParquet(files)), missing.Count, cancellationToken);
        return End(plan, missing.Sum(part => plan.Parts[part].Rows), Stopwatch.GetElapsedTime(started));
    }

    private bool End(PredictionPlan plan, long rows, TimeSpan time)
    {
        var failures = Enumerable.Range(0, plan.Parts.Count).Where(part => !_folder.IsDone(part)).Select(part => (Part: part, Why: _folder.Failure(part) ?? "It was left undone.")).ToList();
        foreach (var (part, why) in failures)
            Console.Error.WriteLine($"{PredictionFolder.Name(part)}: {why}");
        if (failures.Count > 0)
        {
            Console.Error.WriteLine($"{failures.Count} of {plan.Parts.Count} parts failed; the same command tries them again.");
            return false;
        }
        _folder.TidyUp();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"All {plan.Parts.Count} parts are in {_folder.Path}: {rows:N0} rows now, in {time.TotalSeconds:F1} s."));
        return true;
    }

    // A part has its name only when it was whole; a disk or a person may have spoilt it since.
    private List<int> Missing(PredictionPlan plan)
    {
        using var duck = DuckSession.Open();
        foreach (int part in Enumerable.Range(0, plan.Parts.Count).Where(_folder.IsDone).Where(part => !IsWhole(duck, part, plan.Parts[part].Rows)).ToList())
        {
            output.WriteLine($"{PredictionFolder.Name(part)} is damaged, and is made again");
            File.Delete(_folder.Part(part));
        }
        return [.. Enumerable.Range(0, plan.Parts.Count).Where(part => !_folder.IsDone(part))];
    }

    private bool IsWhole(DuckSession duck, int part, long rows)
    {
        try
        {
            return duck.Scalar<long>($"SELECT num_rows FROM parquet_file_metadata({DuckSession.Literal(_folder.Part(part))})") == rows;
        }
        catch (DataException)
        {
            return false;
        }
    }

    private async Task WorkAsync(PredictionPlan plan, PredictionFolder.Call call, int missing, CancellationToken cancellationToken)
    {
        _folder.ForgetFailures();
        _folder.Save(model);
        _folder.Save(call);
        if (request.Processes == 1)
            await new PredictionWorker(_folder, plan, call, line => Say(plan, line)).RunAsync(cancellationToken);
        else
            await WatchAsync(plan, call, Math.Min(request.Processes, missing), cancellationToken);
    }

    private async Task WatchAsync(PredictionPlan plan, PredictionFolder.Call call, int count, CancellationToken cancellationToken)
    {
        WorkerProcess Start() => WorkerProcess.Start(null, ["predict-worker", _folder.Path, call.Name], line => Say(plan, line));
        var workers = new List<WorkerProcess>();
        var (dead, doneBefore) = (0, Done(plan));
        try
        {
            for (int worker = 0; worker < count; worker++)
                workers.Add(Start());
            while (workers.Count > 0)
            {
                await Task.Delay(Interval, cancellationToken);
                foreach (var ended in workers.Where(worker => worker.HasExited).ToList())
                {
                    workers.Remove(ended);
                    using var gone = ended;
                    if (gone.ExitCode == ExitCode.Done || Done(plan) == plan.Parts.Count)
                        continue;
                    await Task.Delay(Interval, cancellationToken); // a terminal's Ctrl+C reaches the workers too
                    (dead, doneBefore) = Done(plan) > doneBefore ? (1, Done(plan)) : (dead + 1, doneBefore);
                    if (gone.ExitCode is ExitCode.Failed or ExitCode.WrongUse || dead >= DeadWithoutPart * count)
                        throw new CommandException(gone.Error.Length > 0 ? gone.Error : $"Worker {gone.Name} ended with exit code {gone.ExitCode}, as {dead} did since the last part was written.");
                    Say(plan, $"worker {gone.Name} died (exit code {gone.ExitCode}); another takes its place");
                    workers.Add(Start());
                }
            }
        }
        finally
        {
            await Task.WhenAll(workers.Select(worker => worker.StopAsync()));
            workers.ForEach(worker => worker.Dispose());
        }
    }

    private int Done(PredictionPlan plan) => Enumerable.Range(0, plan.Parts.Count).Count(_folder.IsDone);

    private void Say(PredictionPlan plan, string line)
    {
        lock (output)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"[{Done(plan)}/{plan.Parts.Count}] {line}"));
    }

    // Rows of text cannot be found by their number: it becomes Parquet once, in the order of its lines.
    private IReadOnlyList<string> AsParquet(IReadOnlyList<string> files) =>
        files[0].EndsWith(".parquet", StringComparison.OrdinalIgnoreCase) ? files : [.. files.Select((file, input) => Stage(file, _folder.Staged(input)))];

    private static string Stage(string file, string staged)
    {
        if (File.Exists(staged))
            return staged;
        using var duck = DuckSession.Open();
        duck.Execute("SET threads = 1");
        var table = TableFile.Open(duck, file);
        AtomicFile.Replace(staged, temporary => duck.Execute($"COPY (SELECT * FROM {table.Relation}) TO {DuckSession.Literal(temporary)} (FORMAT parquet, COMPRESSION zstd)"));
        return staged;
    }
}
