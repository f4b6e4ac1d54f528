using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Workbench.Data;
using Workbench.Drift.Expectations;
using Workbench.Drift.Quality;
using Workbench.Host.Activities;

namespace Workbench.Host.Cli;

/// <summary><c>workbench data check DATA --expectations FILE</c>; exits with 3 when a check failed.</summary>
internal static class DataCheckCommand
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly Argument<string> Data = new("data") { Description = "Parquet or CSV: file, glob or folder." };
    private static readonly Option<string?> Expectations = new("--expectations", "-e") { Description = "File of expectations, as 'workbench data expect' writes it.", HelpName = "FILE" };
    private static readonly Option<string?> Reference = new("--reference", "-r") { Description = "Parquet or CSV with rows as they should be: ranges, categories, types, missing values and row count are held against it.", HelpName = "REF" };
    private static readonly Option<string[]> Key = new("--key") { Description = "Column that names a row, or one of those that do together; several times.", HelpName = "COLUMN", DefaultValueFactory = _ => [] };
    private static readonly Option<string?> Time = new("--time") { Description = "Column of times that says how old a row is.", HelpName = "COLUMN" };
    private static readonly Option<TimeSpan?> MaxAge = DurationText.Option("--max-age", [], "Oldest that the newest row may be, such as 1d.");
    private static readonly Option<bool> Strict = new("--strict") { Description = "A warning fails too." };
    private static readonly Option<bool> All = new("--all") { Description = "List the expectations that are kept as well." };
    private static readonly Option<string?> Html = new("--html") { Description = "Write a report to this file.", HelpName = "FILE" };
    private static readonly Option<bool> Json = new("--json") { Description = "Print the result as JSON." };

    public static Command Create()
    {
        var command = new Command("check", "Check data by expectations, by a reference, or by itself; exits with 3 when a check failed.") { Data, Expectations, Reference, Key, Time, MaxAge, Strict, All, Html, Json };
        command.Validators.Add(result =>
        {
            if (result.GetResult(MaxAge) is not null && result.GetResult(Time) is null)
                result.AddError("--max-age needs --time, the column that says how old a row is.");
        });
        command.SetAction((parsed, cancellationToken) => Task.Run(() => Run(parsed, cancellationToken), cancellationToken));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        var clock = ReplayClock.FromEnvironment();
        var verdict = new DataGate
        {
            Data = parsed.GetValue(Data)!, Expectations = parsed.GetValue(Expectations), Reference = parsed.GetValue(Reference), Key = parsed.GetValue(Key)!, Time = parsed.GetValue(Time),
            MaxAge = parsed.GetValue(MaxAge), IsStrict = parsed.GetValue(Strict), Clock = clock,
        }.Decide(cancellationToken);
        if (parsed.GetValue(Html) is { } html)
            verdict.ToPage(clock.GetUtcNow()).Save(html);
        if (parsed.GetValue(Json))
            Console.WriteLine(verdict.ToJson().ToJsonString(Readable));
        else
            Print(verdict, parsed.GetValue(All));
        return verdict.Passed ? ExitCode.Done : ExitCode.GateSaidNo;
    }

    private static void Print(DataVerdict verdict, bool all)
    {
        if (verdict.Expectations is { } expectations)
            Print(expectations, all);
        if (verdict.Expectations is not null && verdict.Quality is not null)
            Console.WriteLine();
        if (verdict.Quality is { } quality)
            TextTable.Write(["severity", "column", "what"], quality.Findings.Select(finding => new[] { Word(finding.Severity), finding.Column ?? "", finding.What }), "Nothing is wrong or odd.");
        Console.WriteLine();
        Console.WriteLine($"{(verdict.Passed ? "Passed" : "Failed")}. {verdict.Summary}");
    }

    private static void Print(ExpectationReport report, bool all)
    {
        var shown = report.Results.Where(result => all || !result.Passed).OrderBy(result => result.Passed).ThenByDescending(result => result.Severity);
        TextTable.Write(
            ["verdict", "column", "rule", "expected", "found"],
            shown.Select(result => new[] { result.Passed ? "kept" : Word(result.Severity), result.Column ?? "", result.Rule, result.Expected, result.Found + (result.Examples.Count > 0 ? $": {string.Join(", ", result.Examples)}" : "") }),
            "Every expectation is kept.");
        int kept = report.Results.Count(result => result.Passed), nearly = report.Results.Count(result => result.Passed && result.Violations > 0);
        if (!all && kept > 0)
            Console.WriteLine($"{kept} of {report.Results.Count} expectations are kept{(nearly > 0 ? $", {nearly} of them by most rows only" : "")}; --all lists them.");
    }

    private static string Word(QualitySeverity severity) => severity.ToString().ToLowerInvariant();
}
