using System.CommandLine;
using System.CommandLine.Parsing;
using Workbench.Data;

namespace Workbench.Host.Cli;

/// <summary>The way in for every machine: parses, runs, and turns every expected failure into one clear line and an exit code.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] arguments, CancellationToken cancellationToken = default)
    {
        var parsed = Build().Parse(arguments);
        if (parsed.Errors.Count > 0)
            return ReportWrongUse(parsed, arguments);
        var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(10) };
        try
        {
            return await parsed.InvokeAsync(configuration, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("Cancelled.");
            return ExitCode.Failed;
        }
        catch (Exception failure) when (ExpectedFailure.Is(failure))
        {
            Console.Error.WriteLine(failure.Message);
            return ExitCode.Failed;
        }
    }

    private static RootCommand Build()
    {
        var root = Commands();
        DatabaseOption.AddTo(root);
        return root;
    }

    private static RootCommand Commands() => new("Takes a notebook to a production model that looks after itself.")
    {
        DemoCommand.Create(),
        ServeCommand.Create(),
        KernelCommand.Create(),
        NotebookCommand.Create(),
        ModelCommand.Create(),
        RunCommand.Create(),
        WorkflowCommand.Create(),
        TriggerCommand.Create(),
        ApprovalCommand.Create(),
        AlertCommand.Create(),
        NodeCommand.Create(),
        DriftCommand.Create(),
        DataCommand.Create(),
        CompareCommand.Create(),
        TrainCommand.Create(),
        TuneCommand.Create(),
        FineTuneCommand.Create(),
        SampleCommand.Create(),
        PredictCommand.Create(),
        PredictCommand.CreateWorker(),
        StepCommand.Create(),
    };

    private static int ReportWrongUse(ParseResult parsed, string[] arguments)
    {
        var command = parsed.CommandResult.Command;
        var unknown = parsed.UnmatchedTokens.FirstOrDefault();
        if (unknown is not null && !unknown.StartsWith('-') && command.Subcommands.Count > 0)
            Console.Error.WriteLine(UnknownVerb(unknown, command));
        else
            foreach (var error in parsed.Errors)
                Console.Error.WriteLine(error.Message);
        Console.Error.WriteLine($"See: workbench {string.Join(' ', Path(parsed.CommandResult).Append("--help"))}");
        return ExitCode.WrongUse;
    }

    private static string UnknownVerb(string verb, Command command)
    {
        var known = command.Subcommands.Where(sub => !sub.Hidden).Select(sub => sub.Name).Order().ToList();
        var place = command is RootCommand ? "command" : $"'{command.Name}' command";
        return $"Unknown {place} '{verb}'.{Suggestion.DidYouMean(verb, known)} Known: {string.Join(", ", known)}.";
    }

    private static IEnumerable<string> Path(CommandResult result) =>
        result.Parent is CommandResult parent ? Path(parent).Append(result.Command.Name) : [];
}
