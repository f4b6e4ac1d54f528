using System.CommandLine;
using Workbench.Data;
using Workbench.Drift.Expectations;

namespace Workbench.Host.Cli;

/// <summary><c>workbench data expect|check|schema</c>: what data should be like, and whether it is.</summary>
internal static class DataCommand
{
    public static Command Create() => new("data", "What data should be like, and whether it is.") { Expect(), DataCheckCommand.Create(), Schema() };

    private static Command Expect()
    {
        var reference = new Argument<string>("reference") { Description = "Parquet or CSV (file, glob or folder) as it should be." };
        var file = new Option<string?>("--out", "-o") { Description = "File to write; standard output when left out.", HelpName = "FILE" };
        var exclude = new Option<string[]>("--exclude") { Description = "Column about which nothing is written; several times.", HelpName = "COLUMN", DefaultValueFactory = _ => [] };
        var margin = new Option<double>("--margin") { Description = "Part of its width by which a range is wider at each end.", HelpName = "SHARE", DefaultValueFactory = _ => new ExpectationOptions().Margin };
        var mostly = new Option<double>("--mostly") { Description = "Part of the rows that must keep ranges, categories, patterns and lengths.", HelpName = "SHARE", DefaultValueFactory = _ => new ExpectationOptions().Mostly };
        var command = new Command("expect", "Write down what a reference is like, as YAML to edit and check by.") { reference, file, exclude, margin, mostly };
        command.SetAction((parsed, cancellationToken) => Task.Run(() =>
        {
            var options = new ExpectationOptions { Exclude = parsed.GetValue(exclude)!, Margin = parsed.GetValue(margin), Mostly = parsed.GetValue(mostly) };
            var expectations = DataExpectations.Infer(parsed.GetValue(reference)!, options, cancellationToken);
            if (parsed.GetValue(file) is not { } path)
            {
                Console.Write(expectations.ToYaml());
                return ExitCode.Done;
            }
            expectations.Save(path);
            Console.WriteLine($"Wrote {expectations.Count} expectations to {path}. Look them over, then: workbench data check DATA --expectations {path}");
            return ExitCode.Done;
        }, cancellationToken));
        return command;
    }

    private static Command Schema()
    {
        var file = new Option<string?>("--out", "-o") { Description = "File to write; standard output when left out.", HelpName = "FILE" };
        var command = new Command("schema", "Write the JSON schema of a file of expectations, for editors.") { file };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(file) is { } path)
                AtomicFile.WriteAllText(path, DataExpectations.JsonSchema);
            else
                Console.Write(DataExpectations.JsonSchema);
        });
        return command;
    }
}
