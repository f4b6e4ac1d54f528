using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Workbench.Distributed.Launch;
using Workbench.Distributed.Scaling;
using Workbench.Distributed.Tracing;
using Workbench.Reports;
using Workbench.Training;

namespace Workbench.Host.Cli;

/// <summary>
/// <c>--scaling 1,2,4</c>: a training is measured for some steps on each of these numbers of ranks, and not done. Each is a job
/// whose ranks are the same command line and write a timeline, of which the figures are made.
/// </summary>
internal sealed class ScalingCommandOptions
{
    private const int Warmup = 20, ErrorLines = 20;
    private const string TraceVariable = "WORKBENCH_SCALING_TRACE";

    private readonly Option<IReadOnlyList<int>?> _ranks = new("--scaling") { Description = "Measure the training on these numbers of ranks, such as 1,2,4, and register nothing: samples a second, efficiency, time lost to communication.", HelpName = "N,N", CustomParser = Numbers };
    private readonly Option<int> _steps = TuneCommand.Number("--scaling-steps", 100, ScalingPoint.Parts, 2_000, string.Create(CultureInfo.InvariantCulture, $"Steps measured with --scaling, after {Warmup} of warm-up."));
    private readonly Option<bool> _weak = new("--weak") { Description = "With --scaling: N ranks step on N times the batch (weak scaling). Default: they share it (strong scaling)." };
    private readonly Option<string?> _html = OutputFile.Option("--html", "With --scaling: write a page with charts to this file.");
    private readonly Option<string?> _json = OutputFile.Option("--json", "With --scaling: write the figures to this file.");

    public IEnumerable<Option> All => [_ranks, _steps, _weak, _html, _json];

    /// <summary>File of the timeline when this process is a rank that is measured; null when it is none.</summary>
    public static string? Trace => Environment.GetEnvironmentVariable(TraceVariable) is { Length: > 0 } path ? path : null;

    /// <summary>Whether this process shall measure, and not train.</summary>
    public bool IsAsked(ParseResult parsed) => Trace is null && parsed.GetValue(_ranks) is not null;

    /// <summary>What is wrong with the options together.</summary>
    public IEnumerable<string> FindErrors(CommandResult parsed, bool hasJob, bool hasTimeline)
    {
        bool measures = parsed.GetResult(_ranks) is { Implicit: false };
        if (measures && hasJob)
            yield return "--scaling starts ranks of its own. Leave --nproc out.";
        if (measures && hasTimeline)
            yield return "--timeline is of one training, and --scaling measures several. Leave one of them out.";
        if (!measures && new Option[] { _steps, _weak, _html, _json }.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } stray)
            yield return $"{stray.Name} belongs to --scaling, such as --scaling 1,2.";
    }

    /// <summary>The training of a rank that is measured: as asked for, yet so many steps, and no end before.</summary>
    public TabularTrainingOptions Measured(ParseResult parsed, TabularTrainingOptions training, int ranks) => training with
    {
        MaxSteps = Warmup + parsed.GetValue(_steps), MaxEpochs = 10_000, Patience = 10_000, Checkpoints = null, Timeline = new() { Path = Trace },
        BatchSize = parsed.GetValue(_weak) ? (int)Math.Min(int.MaxValue, (long)training.BatchSize * ranks) : training.BatchSize, // too many are refused by their number
    };

    /// <summary>Measures, prints, and writes what was asked for.</summary>
    /// <param name="parsed">The command line, which the ranks get as well.</param>
    /// <param name="folder">Where timelines lie meanwhile; other hosts share it.</param>
    /// <param name="cancellationToken">Ends the job at work with all its processes.</param>
    public async Task<int> RunAsync(ParseResult parsed, string folder, CancellationToken cancellationToken)
    {
        var (html, json) = (OutputFile.Require(parsed, _html), OutputFile.Require(parsed, _json));
        var counts = parsed.GetValue(_ranks)!; // asked for
        var hosts = parsed.GetValue<string?>("--hosts") is { } text ? JobHosts.Parse(text) : [];
        int threads = Math.Max(1, Environment.ProcessorCount / (hosts.Count > 0 ? hosts.Max(host => host.Slots) : counts[^1]));
        var traces = Directory.CreateDirectory(Path.Combine(folder, "jobs", $"scaling-{Guid.NewGuid():N}"));
        var points = new List<ScalingPoint>();
        string engine = "";
        try
        {
            foreach (int ranks in counts)
            {
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"measuring {ranks} {(ranks == 1 ? "rank" : "ranks")}"));
                string file = Path.Combine(traces.FullName, string.Create(CultureInfo.InvariantCulture, $"{ranks}.json"));
                await MeasureAsync(parsed, ranks, hosts, threads, file, cancellationToken);
                var trace = TimelineTrace.Parse(await File.ReadAllBytesAsync(file, cancellationToken));
                points.Add(ScalingPoint.Of(trace, Warmup));
                engine = trace.Engine;
            }
        }
        finally
        {
            traces.Delete(recursive: true);
        }
        var report = new ScalingReport
        {
            Points = points, IsWeak = parsed.GetValue(_weak), ThreadsPerRank = threads, Cores = Environment.ProcessorCount, Warmup = Warmup, Engine = engine,
            Subject = $"workbench {string.Join(' ', parsed.Tokens.Select(token => token.Value))}",
        };
        Print(report, hosts.Count == 0);
        if (html is not null)
            ScalingReportPage.Create(report, TimeProvider.System.GetUtcNow()).Save(html);
        if (json is not null)
            await File.WriteAllTextAsync(json, report.ToJson(), cancellationToken);
        return ExitCode.Done;
    }

    private static async Task MeasureAsync(ParseResult parsed, int ranks, IReadOnlyList<JobHost> hosts, int threads, string trace, CancellationToken cancellationToken)
    {
        var errors = new Errors();
        var result = await new JobSupervisor(new()
        {
            Command = SelfCommand.With(parsed.Tokens.Select(token => token.Value)), Processes = ranks, Hosts = hosts, ThreadsPerRank = threads, MaxRestarts = 0,
            Backend = parsed.GetValue<string>("--backend")!, StallTimeout = parsed.GetValue<TimeSpan?>("--stall-timeout") ?? TimeSpan.FromMinutes(5), // the first has a default
            Environment = new Dictionary<string, string> { [TraceVariable] = trace },
        }, errors).RunAsync(cancellationToken);
        if (!result.Succeeded)
            throw new CommandException(string.Join('\n', [string.Create(CultureInfo.InvariantCulture, $"The measurement on {ranks} ranks failed:"), .. result.Reasons, .. errors.Lines.TakeLast(ErrorLines).Where(line => !result.Reasons.Any(reason => reason.Contains(line, StringComparison.Ordinal)))]));
    }

    private static void Print(ScalingReport report, bool isOneHost)
    {
        TextTable.Write(["ranks", "batch", "samples/s", "speed-up", "efficiency", "step ms", "waiting ms", "of a step", "copying gradients ms"], report.Points.Select(point => new[]
        {
            Text($"{point.Ranks}"), Text($"{point.Batch}"), Text($"{point.SamplesPerSecond:F0}"), Text($"{report.SpeedUp(point):F2}"), Text($"{100 * report.Efficiency(point):F0} %"), Text($"{point.StepTime.TotalMilliseconds:F3}"),
            Text($"{point.Waiting.TotalMilliseconds:F3}"), Text($"{100 * point.WaitingShare:F0} %"), Text($"{point.Times[TimelineKind.Gradients].TotalMilliseconds:F3}"),
        }), "Nothing was measured.");
        Console.WriteLine(Text($"{(report.IsWeak ? "Weak scaling: N ranks step on N times the batch" : "Strong scaling: all ranks share one batch")}; samples/s is the median of {ScalingPoint.Parts} parts of {report.Points[0].Steps} steps, waiting and copying are means; {report.ThreadsPerRank} {(report.ThreadsPerRank == 1 ? "thread" : "threads")} a rank. Nothing was registered."));
        if (isOneHost && report.Points[^1].Ranks > report.Cores)
            Console.WriteLine(Text($"{report.Points[^1].Ranks} ranks share the {report.Cores} cores of this machine: more of them cannot be faster."));
    }

    private static IReadOnlyList<int>? Numbers(ArgumentResult result)
    {
        var numbers = new SortedSet<int>();
        foreach (string part in result.Tokens[0].Value.Split(',', StringSplitOptions.TrimEntries))
        {
            if (int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is >= 1 and <= 4_096)
                numbers.Add(number);
            else
                result.AddError($"--scaling '{result.Tokens[0].Value}' is not allowed. Give numbers of ranks from 1 to 4096 with commas between, such as 1,2,4.");
        }
        return [.. numbers];
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>What ranks and launcher said went wrong; told only when the job fails.</summary>
    private sealed class Errors : IProgress<JobEvent>
    {
        private readonly Lock _lock = new();
        private readonly List<string> _lines = [];

        public IReadOnlyList<string> Lines
        {
            get
            {
                lock (_lock)
                    return [.. _lines];
            }
        }

        public void Report(JobEvent value)
        {
            if (value is not { Kind: JobEventKind.Output, IsError: true, Text: { Length: > 0 } text })
                return;
            lock (_lock)
                _lines.Add(text);
        }
    }
}
