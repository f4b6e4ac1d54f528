using System.CommandLine;
using Workbench.Drift;
using Workbench.Reports;

namespace Workbench.Host.Cli;

/// <summary><c>workbench drift REFERENCE CURRENT</c></summary>
internal static class DriftCommand
{
    private static readonly Argument<string> Reference = new("reference") { Description = "What is normal: Parquet, CSV or JSON files (path, glob, folder), FILE.duckdb#TABLE, postgres://HOST/DATABASE#TABLE, or a saved profile (.wbprofile)." };
    private static readonly Argument<string> Current = new("current") { Description = "The same for what is to be judged." };
    private static readonly Option<string?> Html = new("--html") { Description = "Write a report with pictures to this file; below 2 MB at 1,000 columns.", HelpName = "FILE" };
    private static readonly Option<string?> Json = new("--json") { Description = "Write the report as JSON (docs/drift.schema.json) to this file, or instead of the table when no file is named.", HelpName = "FILE", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<bool> FailOnDrift = new("--fail-on-drift") { Description = "Exit with 3 when the data set drifted: a feature, or the share of columns that --drift-share names." };
    private static readonly Option<double?> FailShare =
        DriftSettingOptions.Number<double>("--fail-share", "Exit with 3 when at least this share of the columns drifted.", "SHARE", share => share is > 0 and <= 1, "numbers above 0 up to 1");

    public static Command Create()
    {
        var command = new Command("drift", "Compare the columns of two data sets; exits with 3 when asked to fail on drift.") { Reference, Current };
        DriftSettingOptions.AddTo(command);
        command.Options.Add(Html);
        command.Options.Add(Json);
        command.Options.Add(FailOnDrift);
        command.Options.Add(FailShare);
        command.Subcommands.Add(SchemaCommand());
        command.Subcommands.Add(DriftStreamCommand.Create());
        command.Subcommands.Add(DriftProfileCommand.Create());
        command.SetAction(RunAsync);
        return command;
    }

    private static Command SchemaCommand()
    {
        var command = new Command("schema", "Print the JSON Schema of what --json writes.");
        command.SetAction(_ => Console.Write(DriftReport.JsonSchema()));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var settings = DriftSettingOptions.Read(parsed);
        DriftReport report;
        await using (var bar = new DriftProgressBar(Console.IsErrorRedirected))
            report = await Task.Run(() => DriftReport.Compare(parsed.GetValue(Reference)!, parsed.GetValue(Current)!, settings.ToOptions(bar), cancellationToken), cancellationToken);
        if (parsed.GetValue(Html) is { } html)
            DriftReportPage.Create(report, TimeProvider.System.GetUtcNow()).Save(html);
        string? json = parsed.GetResult(Json) is null ? null : parsed.GetValue(Json) ?? "";
        if (json is { Length: > 0 })
            WriteText(json, report.ToJson());
        if (json is "")
            Console.WriteLine(report.ToJson());
        else
            DriftOutput.Print(report);
        bool isFailure = parsed.GetValue(FailShare) is { } share ? report.DriftedShare >= share : parsed.GetValue(FailOnDrift) && report.IsDataDrift;
        return isFailure ? ExitCode.GateSaidNo : ExitCode.Done;
    }

    private static void WriteText(string path, string text)
    {
        string full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!); // a full path of a file has a folder
        File.WriteAllText(full, text + "\n");
    }
}
