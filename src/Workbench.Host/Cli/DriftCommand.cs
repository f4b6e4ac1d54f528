using System.CommandLine;
using System.Text.Json;
using Workbench.Drift;

namespace Workbench.Host.Cli;

internal static class DriftCommand
{
    public static Command Create()
    {
        var reference = new Argument<string>("reference") { Description = "Parquet or CSV file, or a glob of such files: what is normal." };
        var current = new Argument<string>("current") { Description = "The same for what is to be judged." };
        var html = new Option<string?>("--html") { Description = "Write a report with charts to this file." };
        var json = new Option<bool>("--json") { Description = "Print the result as JSON." };
        var fail = new Option<bool>("--fail-on-drift") { Description = "Exit with 3 when a column drifted." };
        var command = new Command("drift", "Compare the columns of two data sets.") { reference, current, html, json, fail, DriftStreamCommand.Create() };
        command.SetAction(parsed => Run(
            DriftReport.Compare(parsed.GetValue(reference)!, parsed.GetValue(current)!), parsed.GetValue(html), parsed.GetValue(json), parsed.GetValue(fail)));
        command.Subcommands.Add(DriftProfileCommand.Create());
        return command;
    }

    private static int Run(DriftReport report, string? html, bool json, bool fail)
    {
        if (html is not null)
            Reports.DriftReportPage.Create(report, TimeProvider.System.GetUtcNow()).Save(html);
        if (json)
            Console.WriteLine(JsonSerializer.Serialize(report, JsonSerializerOptions.Web));
        else
            Print(report);
        return fail && report.Columns.Any(column => column.IsDrift) ? ExitCode.GateSaidNo : ExitCode.Done;
    }

    private static void Print(DriftReport report)
    {
        TextTable.Write(["column", "kind", "drift", "tests", "note"], report.Columns.Select(column => new[]
        {
            column.Column, column.Kind.ToString(), column.IsDrift ? "yes" : "no",
            string.Join(", ", column.Tests.Select(test => FormattableString.Invariant($"{test.Test} {test.Statistic:G4}"))),
            column.NewCategories.Count > 0 ? "new: " + string.Join(", ", column.NewCategories) : column.Note ?? "",
        }), "No column in common.");
    }
}
