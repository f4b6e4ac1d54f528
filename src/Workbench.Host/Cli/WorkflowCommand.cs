using System.CommandLine;
using Workbench.Host.Designer;
using Workbench.Workflows.Model;

namespace Workbench.Host.Cli;

internal static class WorkflowCommand
{
    private static readonly Argument<string> File = new("file") { Description = "Elsa 3 definition, as in workflows/churn-retrain.json." };
    private static readonly Option<string?> Data = DataOption.Create();

    public static Command Create() => new("workflow", "Definitions of pipelines.")
    {
        List(), Validate(), Publish(), Activities(), WorkflowFileCommands.Export(), WorkflowFileCommands.Import(), WorkflowFileCommands.Diff(),
    };

    private static Command List()
    {
        var command = new Command("list", "All workflows with their version.") { Data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var installation = await Installation.OpenAsync(parsed.Folder(Data), cancellationToken: cancellationToken);
            var definitions = await installation.Workflows.ListDefinitionsAsync(cancellationToken);
            TextTable.Write(["workflow", "version", "published", "name"],
                definitions.Select(one => new[] { one.DefinitionId, $"v{one.Version}", one.IsPublished ? "yes" : "no", one.Name }), "No workflow yet. Publish one with 'workbench workflow publish FILE'.");
        });
        return command;
    }

    private static Command Validate()
    {
        var command = new Command("validate", "Say everything that is wrong with a definition.") { File };
        command.SetAction(async (parsed, cancellationToken) =>
            await CheckAsync(parsed.GetValue(File)!, cancellationToken) is null ? ExitCode.Failed : ExitCode.Done);
        return command;
    }

    private static Command Publish()
    {
        var command = new Command("publish", "Make a definition the one that runs start from.") { File, Data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var installation = await Installation.OpenAsync(parsed.Folder(Data), cancellationToken: cancellationToken);
            if (await CheckAsync(parsed.GetValue(File)!, cancellationToken) is not { } definition)
                return ExitCode.Failed;
            var published = await installation.Engine.PublishAsync(definition, cancellationToken);
            Console.WriteLine($"{published.DefinitionId} v{published.Version} is published.");
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Activities()
    {
        var type = new Argument<string?>("type") { Description = "Type name; without it all are listed.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("activities", "What pipelines are made of: activities with their inputs, outputs and outcomes.") { type };
        command.SetAction(parsed => ActivityText.Write(parsed.GetValue(type)));
        return command;
    }

    /// <summary>Reads a definition from a file.</summary>
    /// <exception cref="CommandException">There is no such file.</exception>
    public static async Task<WorkflowDefinition> ReadAsync(string file, CancellationToken cancellationToken) => System.IO.File.Exists(file)
        ? WorkflowDefinition.Parse(await System.IO.File.ReadAllTextAsync(file, cancellationToken))
        : throw new CommandException($"There is no file '{file}'. Name an Elsa 3 definition, such as workflows/churn-retrain.json.");

    // Null when a finding forbids it; every finding is printed.
    private static async Task<WorkflowDefinition?> CheckAsync(string file, CancellationToken cancellationToken)
    {
        var definition = await ReadAsync(file, cancellationToken);
        var findings = DefinitionRules.Validate(definition);
        foreach (var finding in findings)
            Console.Error.WriteLine(finding);
        bool refused = DefinitionRules.Forbids(findings);
        Console.WriteLine($"{definition.DefinitionId}: {definition.Root.Activities.Count} activities, {findings.Count} findings{(refused ? ", refused" : "")}.");
        return refused ? null : definition;
    }
}
