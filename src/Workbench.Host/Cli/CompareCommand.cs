using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Workbench.Evaluation;
using Workbench.Host.Activities;
using Workbench.Serving.Comparison;
using Workbench.Training;

namespace Workbench.Host.Cli;

/// <summary><c>workbench compare DATA --label L --candidate linear --candidate mlp:64,32</c></summary>
internal static class CompareCommand
{
    private static readonly Argument<string> Data = new("data") { Description = "Parquet or CSV: file, glob or folder." };
    private static readonly Option<string> Label = new("--label") { Description = "Column to predict.", Required = true, HelpName = "COLUMN" };
    private static readonly Option<string[]> Candidates = new("--candidate", "-c")
    { Description = $"An architecture with its settings: {string.Join(" or ", CandidateText.Usages)}, then /lr=X, /dropout=X, /decay=X, /batch=N as needed; several times. The first is the baseline.", Required = true, HelpName = "TEXT" };
    private static readonly Option<string[]> Features = new("--feature") { Description = "Column to predict from; several times. All numbers, booleans and texts when left out.", HelpName = "COLUMN", DefaultValueFactory = _ => [] };
    private static readonly Option<string[]> LeaveOut = new("--leave-out") { Description = "Column that is no feature when all are taken; several times.", HelpName = "COLUMN", DefaultValueFactory = _ => [] };
    private static readonly Option<string?> Id = new("--id") { Description = "Column that decides on which side of the split a row is; its position when left out.", HelpName = "COLUMN" };
    private static readonly Option<string?> Where = new("--where") { Description = "SQL condition that a row must meet.", HelpName = "SQL" };
    private static readonly Option<double> Holdout = new("--holdout") { Description = "Share of ids that candidates are judged by.", DefaultValueFactory = _ => 0.2, HelpName = "SHARE" };
    private static readonly Option<double> Validation = new("--validation") { Description = "Share of the other ids that say when to stop.", DefaultValueFactory = _ => 0.15, HelpName = "SHARE" };
    private static readonly Option<int> Epochs = new("--epochs") { Description = "Most passes over the training rows.", DefaultValueFactory = _ => new TabularTrainingOptions().MaxEpochs, HelpName = "N" };
    private static readonly Option<int> Seeds = new("--seeds") { Description = "Trainings a candidate.", DefaultValueFactory = _ => new ComparisonOptions().Seeds, HelpName = "N" };
    private static readonly Option<long> Seed = new("--seed") { Description = "The first seed.", DefaultValueFactory = _ => new ComparisonOptions().FirstSeed, HelpName = "N" };
    private static readonly Option<string?> MetricName = new("--metric") { Description = "Metric that decides, such as roc_auc; accuracy when left out.", HelpName = "NAME" };
    private static readonly Option<string?> Baseline = new("--baseline") { Description = "Candidate that all are compared with; the first when left out.", HelpName = "TEXT" };
    private static readonly Option<TimeSpan?> Limit = DurationText.Option("--latency-limit", [], "Longest time of an answer, such as 1ms; a candidate beyond it is refused.");
    private static readonly Option<string> LimitAt = new("--limit-at") { Description = "What the limit is on: the median or the 99th percentile.", DefaultValueFactory = _ => "p50" };
    private static readonly Option<int> LimitBatch = new("--limit-batch") { Description = "Rows an answer for the limit, 1 or 32.", DefaultValueFactory = _ => 1, HelpName = "N" };
    private static readonly Option<double> Price = new("--core-hour-price") { Description = "Price of one core for one hour, in any currency.", DefaultValueFactory = _ => new ComparisonOptions().CoreHourPrice, HelpName = "X" };
    private static readonly Option<string> Device = new("--device") { Description = "cpu, cuda:N, or auto.", DefaultValueFactory = _ => "cpu" };
    private static readonly Option<string?> Expectations = ExpectationsOption.Create();
    private static readonly Option<string?> Html = new("--html") { Description = "Write a report with charts to this file.", HelpName = "FILE" };
    private static readonly Option<bool> Json = new("--json") { Description = "Print the result as JSON." };

    public static Command Create()
    {
        LimitAt.AcceptOnlyFromAmong("p50", "p99");
        var command = new Command("compare", "Compare architectures: the same split, seeds and metric for each; exits with 3 when none is within the limit.")
        {
            Data, Label, Candidates, Features, LeaveOut, Id, Where, Holdout, Validation, Epochs, Seeds, Seed, MetricName, Baseline, Limit, LimitAt, LimitBatch, Price, Device, Expectations, Html, Json,
        };
        command.SetAction((parsed, cancellationToken) => Task.Run(() => Run(parsed, cancellationToken), cancellationToken));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (options, candidates) = (Options(parsed), CandidatesOf(parsed));
        if (!ExpectationsOption.Allows(parsed.GetValue(Expectations), parsed.GetValue(Data)!, cancellationToken))
            return ExitCode.GateSaidNo;
        var rows = Rows(parsed);
        var comparison = Compare(() => ArchitectureComparison.Run(rows, candidates, options, new Lines(), cancellationToken));
        if (parsed.GetValue(Html) is { } html)
            ComparisonReportPage.Create(comparison, $"{parsed.GetValue(Data)}, label {parsed.GetValue(Label)}", TimeProvider.System.GetUtcNow()).Save(html);
        if (parsed.GetValue(Json))
            Console.WriteLine(JsonSerializer.Serialize(comparison, JsonSerializerOptions.Web));
        else
            Print(comparison);
        return comparison.Choice.Winner is null ? ExitCode.GateSaidNo : ExitCode.Done;
    }

    private static ComparisonOptions Options(ParseResult parsed) => new()
    {
        Seeds = parsed.GetValue(Seeds), FirstSeed = parsed.GetValue(Seed), Metric = parsed.GetValue(MetricName), Baseline = parsed.GetValue(Baseline),
        LatencyLimit = parsed.GetValue(Limit), LimitsP99 = parsed.GetValue(LimitAt) == "p99", LimitedBatchSize = parsed.GetValue(LimitBatch), CoreHourPrice = parsed.GetValue(Price),
    };

    private static List<Candidate> CandidatesOf(ParseResult parsed)
    {
        var common = new TabularTrainingOptions { MaxEpochs = parsed.GetValue(Epochs), Device = parsed.GetValue(Device)! };
        return Compare(() => parsed.GetValue(Candidates)!.Select(text => CandidateText.Parse(text, common)).ToList());
    }

    private static ComparisonData Rows(ParseResult parsed)
    {
        var table = new TrainModelOptions
        {
            ModelName = "compare", Data = parsed.GetValue(Data)!, Label = parsed.GetValue(Label)!, Features = parsed.GetValue(Features)!, LeaveOut = parsed.GetValue(LeaveOut)!,
            IdColumn = parsed.GetValue(Id), Where = parsed.GetValue(Where), Holdout = parsed.GetValue(Holdout), Validation = parsed.GetValue(Validation),
        };
        var (fitting, validation, _, holdout) = Compare(() => TrainingTable.Read(table, Path.GetFullPath(table.Data), Console.Error));
        return new(fitting, validation, holdout);
    }

    // What was typed was wrong: one line, and not a bug's trace.
    private static T Compare<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException)
        {
            throw new CommandException(failure.Message);
        }
    }

    private static void Print(ArchitectureComparison comparison)
    {
        string[] headings = ["candidate", comparison.Metric, "95 % interval", "against the baseline", "parameters", "onnx KiB", "training s", "cost",
            .. comparison.Candidates[0].Latencies.SelectMany(one => new[] { $"p50/{one.BatchSize} ms", $"p99/{one.BatchSize} ms" })];
        TextTable.Write(headings, comparison.Candidates.Select(one => new[]
        {
            one.Name, Text($"{one.Quality?.Value:F4}"), one.Quality is { } quality ? Text($"{quality.Lower:F4} to {quality.Upper:F4}") : "undefined", Difference(one.AgainstBaseline),
            Text($"{one.Parameters}"), Text($"{one.OnnxBytes / 1024.0:F1}"), Text($"{one.TrainingTime.TotalSeconds:F2}"), Text($"{one.Cost:G3}"),
        }.Concat(one.Latencies.SelectMany(latency => new[] { Text($"{latency.Median.TotalMilliseconds:G3}"), Text($"{latency.P99.TotalMilliseconds:G3}") })).ToArray()), "No candidate.");
        foreach (var refused in comparison.Candidates.Where(one => one.Refusal is not null))
            Console.WriteLine($"{refused.Name} is refused: {refused.Refusal}.");
        Console.WriteLine(comparison.Choice.Winner is { } winner ? $"Take {winner}. {comparison.Choice.Why}" : comparison.Choice.Why);
        Console.WriteLine(Text($"{comparison.FittingRows} rows to fit, {comparison.ValidationRows} to stop, {comparison.HoldoutRows} to judge by; split {comparison.SplitHash[..19]}; seeds {string.Join(", ", comparison.Seeds)}."));
        Console.WriteLine(Text($"Cost: processor time of a training and a million answers for one row each, at {comparison.Options.CoreHourPrice} a core-hour."));
    }

    private static string Difference(PairedDifference? one) => one is null ? "" : Text($"{one.Difference:+0.0000;-0.0000;0.0000} [{one.Lower:+0.0000;-0.0000;0.0000}, {one.Upper:+0.0000;-0.0000;0.0000}]");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    // Progress stands beside the result, so that --json can be piped on.
    private sealed class Lines : IProgress<ComparisonProgress>
    {
        public void Report(ComparisonProgress value) => Console.Error.WriteLine(Text(
            $"{value.Done} of {value.Total}: {value.Candidate}, seed {value.Seed}: {(value.Value is { } metric ? Text($"{metric:F4}") : "undefined")} after {value.Duration.TotalSeconds:F1} s"));
    }
}
